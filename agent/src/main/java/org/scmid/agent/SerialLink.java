// A platform at the other end of a serial line.
package org.scmid.agent;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageType;
import org.scmid.transport.serial.PortLine;
import org.scmid.transport.serial.SerialCounters;
import org.scmid.transport.serial.SerialLine;
import org.scmid.transport.serial.SerialSession;
import org.scmid.transport.serial.SerialSettings;
import org.scmid.transport.virtqueue.LittleEndian;

/**
 * The agent's end of a serial line, as docs/serial.md describes it. It opens the line, greets until the platform answers,
 * and says by {@link PlatformLink.Listener#writable} that there is a session. It ends with that session, or with the line;
 * the next one is another link.
 *
 * <p>It has no more commands under way than the platform takes, and no more than {@value #MOST_UNDER_WAY}. One whose reply
 * does not come counts for two seconds after it was sent.
 */
public final class SerialLink implements PlatformLink {
    static final int MOST_UNDER_WAY = 64;
    static final long LONGEST_UNDER_WAY_NANOS = 2_000_000_000L;
    private static final int NO_TOKEN = -1;

    private final EventLoop loop;
    private final SerialSettings settings;
    private final boolean keep;
    private final IntSupplier random;
    private final Listener listener;
    private final Scheduler.Timer overdue;
    private final EventLoop.Task tellRoom;
    private final byte[] message = new byte[MAX_MESSAGE];
    private final int[] tokens = new int[MOST_UNDER_WAY]; // by place: of a command that is under way, or NO_TOKEN
    private final long[] sentAt = new long[MOST_UNDER_WAY];
    private final SerialLine line;
    private @Nullable SerialSession session;
    private int underWay;
    private boolean refused;
    private boolean closed;

    private SerialLink(
            EventLoop loop,
            SerialSettings settings,
            SerialLine.Opener opener,
            boolean keep,
            IntSupplier random,
            Listener listener) {
        this.loop = loop;
        this.settings = settings;
        this.keep = keep;
        this.random = random;
        this.listener = listener;
        this.overdue = loop.timer(this::freeOverdue);
        this.tellRoom = new EventLoop.Task(this::tellRoom);
        Arrays.fill(tokens, NO_TOKEN);
        this.line = opener.open(new LineEnd());
    }

    /**
     * Begins to reach the platform on a port of this machine.
     *
     * @param keep whether the platform is to go on with what this agent held before
     */
    public static SerialLink onPort(EventLoop loop, SerialSettings settings, boolean keep, Listener listener) {
        return over(loop, settings, PortLine.opener(loop, settings), keep, new SecureRandom()::nextInt, listener);
    }

    /**
     * Begins to reach the platform on a line.
     *
     * @param opener opens the line, once
     * @param random 32 random bits for the nonce
     */
    public static SerialLink over(
            EventLoop loop,
            SerialSettings settings,
            SerialLine.Opener opener,
            boolean keep,
            IntSupplier random,
            Listener listener) {
        return new SerialLink(loop, settings, opener, keep, random, listener);
    }

    /** What was counted on the line so far; null before it was open. */
    public @Nullable SerialCounters counters() {
        SerialSession current = session;
        return current == null ? null : current.counters();
    }

    @Override
    public int longestMessage() {
        SerialSession current = session;
        return current == null ? MAX_MESSAGE : Math.max(current.peerLongest(), Header.HEADER_BYTES);
    }

    @Override
    public boolean send(byte[] from, int length) {
        SerialSession current = session;
        int header = LittleEndian.getInt(from, 0);
        boolean isCommand = Header.isCommand(header);
        boolean sent = current != null
                && !closed
                && (!isCommand || mayBeOneMore(current))
                && current.send(from, length, current.takeTag());
        refused |= !sent;
        if (sent && isCommand) {
            note(Header.token(header));
        }
        return sent;
    }

    private boolean mayBeOneMore(SerialSession current) {
        return underWay < Math.min(current.peerWindow(), MOST_UNDER_WAY);
    }

    private void note(int token) {
        int place = placeOf(NO_TOKEN);
        tokens[place] = token;
        sentAt[place] = loop.nanoTime();
        underWay++;
        if (underWay == 1) {
            overdue.arm(LONGEST_UNDER_WAY_NANOS);
        }
    }

    private int placeOf(int token) {
        for (int place = 0; place < MOST_UNDER_WAY; place++) {
            if (tokens[place] == token) {
                return place;
            }
        }
        return -1;
    }

    private void replied(int token) {
        int place = placeOf(token);
        if (place >= 0) {
            free(place);
        }
    }

    private void free(int place) {
        tokens[place] = NO_TOKEN;
        underWay--;
        if (refused) {
            loop.runSoon(tellRoom);
        }
    }

    private void freeOverdue() {
        long now = loop.nanoTime();
        long longest = 0;
        for (int place = 0; place < MOST_UNDER_WAY; place++) {
            if (tokens[place] != NO_TOKEN) {
                long age = now - sentAt[place];
                if (age >= LONGEST_UNDER_WAY_NANOS) {
                    free(place);
                } else {
                    longest = Math.max(longest, age);
                }
            }
        }
        if (underWay > 0) {
            overdue.arm(LONGEST_UNDER_WAY_NANOS - longest);
        }
    }

    private void tellRoom() {
        SerialSession current = session;
        if (refused && !closed && current != null && mayBeOneMore(current)) {
            refused = false;
            listener.writable();
        }
    }

    private void lose(String why) {
        if (!closed) {
            close();
            listener.lost(why);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        overdue.disarm();
        SerialSession current = session;
        if (current != null) {
            current.close();
        }
        line.close();
    }

    /** What the line and the session tell. */
    private final class LineEnd implements SerialLine.Listener, SerialSession.Listener {
        @Override
        public void opened() {
            SerialSession made = new SerialSession(
                    settings,
                    new SerialSession.Greeting(SerialSession.Role.AGENT, keep, MAX_MESSAGE, 0),
                    random,
                    line,
                    loop,
                    this);
            session = made;
            made.begin();
        }

        @Override
        public void received(byte[] bytes, int count) {
            SerialSession current = session;
            if (current != null && !closed) {
                current.take(bytes, count);
            }
        }

        @Override
        public void writable() {
            tellRoom();
        }

        @Override
        public void lost(String why) {
            lose(why);
        }

        @Override
        public void began(boolean ofNoMeaning) {
            refused = false;
            listener.writable();
        }

        @Override
        public void received(byte[] bytes, int from, int length, int tag) {
            if (closed) {
                return;
            }
            System.arraycopy(bytes, from, message, 0, length);
            int header = LittleEndian.getInt(message, 0);
            if (MessageType.of(Header.type(header)) == MessageType.COMMAND) {
                replied(Header.token(header));
            }
            listener.received(message, length);
        }

        @Override
        public void ended(String why) {
            lose(why);
        }
    }
}
