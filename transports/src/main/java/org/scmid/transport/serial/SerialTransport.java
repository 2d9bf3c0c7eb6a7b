// The transport of one agent at the other end of a serial line.
package org.scmid.transport.serial;

import java.security.SecureRandom;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.PeerIdentity;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.transport.AgentLog;
import org.scmid.transport.AgentPort;
import org.scmid.transport.AgentTransport;
import org.scmid.transport.EventSink;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.ReplyListener;

/**
 * Serves one agent on a serial line, as a platform of docs/serial.md. A port that is not there, or that is pulled out, is
 * waited for. An agent that is silent for three seconds is gone, as a peer process that ends; one that comes back begins
 * anew, unless it says that it keeps what it held.
 *
 * <p>Commands are executed in the order in which they came. While a reply is deferred, or there is no room for one, those
 * behind it wait; as many as the line's window have room, and what comes beyond is dropped.
 */
public final class SerialTransport implements AgentTransport {
    /** How many commands an agent may have under way. */
    static final int WINDOW = 8;

    /** Commands that are kept: an agent may take one for lost that only waits. */
    private static final int SLOTS = 2 * WINDOW;

    private static final int MOST_MESSAGES = 64;
    private static final int NOT_READY = -1;
    private static final int LONGEST_REPLY_ON_THE_WIRE = SerialSession.longestOnTheWire();

    /** On a line no process shows who it is: whoever is there is the same one, and says himself if he has begun anew. */
    private static final PeerIdentity WHO_IS_THERE = new PeerIdentity(0, 0, -1, -1);

    private final EventLoop loop;
    private final AgentPort port;
    private final SerialSettings settings;
    private final SerialLine.Opener opener;
    private final long reconnectNanos;
    private final IntSupplier random;
    private final AgentLog log;
    private final Scheduler.Timer again;
    private final EventLoop.Polling polling;
    private final byte[][] commands = new byte[SLOTS][AgentPort.MAX_MESSAGE];
    private final int[] lengths = new int[SLOTS];
    private final int[] tags = new int[SLOTS];
    private final byte[] reply = new byte[AgentPort.MAX_MESSAGE];
    private int oldest;
    private int waiting;
    private @Nullable SerialLine line;
    private @Nullable SerialSession session;
    private @Nullable Attachment attachment;
    private String lastFailure = "";
    private boolean started;
    private boolean closed;
    private long saidBroken;
    private long saidDropped;
    private long saidRepeated;
    private long saidLost;

    /**
     * @param opener opens the line, again and again
     * @param reconnectNanos how long after a line was lost the next one is opened, in nanoseconds
     * @param random 32 random bits for each line's nonce
     */
    public SerialTransport(
            EventLoop loop,
            AgentPort port,
            SerialSettings settings,
            SerialLine.Opener opener,
            long reconnectNanos,
            IntSupplier random) {
        this.loop = loop;
        this.port = port;
        this.settings = settings;
        this.opener = opener;
        this.reconnectNanos = reconnectNanos;
        this.random = random;
        this.log = new AgentLog(SerialTransport.class, loop, port.name());
        this.again = loop.timer(this::open);
        this.polling = loop.poll(new Turn());
    }

    /** A transport on a port of this machine. */
    public static SerialTransport onPort(EventLoop loop, AgentPort port, SerialSettings settings, long reconnectNanos) {
        return new SerialTransport(
                loop, port, settings, PortLine.opener(loop, settings), reconnectNanos, new SecureRandom()::nextInt);
    }

    @Override
    public void start() {
        started = true;
        open();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        again.disarm();
        endSession();
        SerialLine current = line;
        line = null;
        if (current != null) {
            current.close();
        }
        polling.cancel();
    }

    /** What was counted on the present line, or null while there is none. */
    public @Nullable SerialCounters counters() {
        SerialSession current = session;
        return current == null ? null : current.counters();
    }

    private void open() {
        if (started && !closed && line == null) {
            line = opener.open(new LineEnd());
        }
    }

    /** What the line tells. */
    private final class LineEnd implements SerialLine.Listener, SerialSession.Listener {
        private @Nullable Attachment mine;

        @Override
        public void opened() {
            SerialLine current = line;
            if (current == null) {
                return;
            }
            lastFailure = "";
            if (log.mayReport()) {
                log.info("waiting for the agent on " + settings.port());
            }
            saidBroken = 0;
            saidDropped = 0;
            saidRepeated = 0;
            saidLost = 0;
            SerialSession made = new SerialSession(
                    settings,
                    new SerialSession.Greeting(SerialSession.Role.PLATFORM, false, AgentPort.MAX_MESSAGE, WINDOW),
                    random,
                    current,
                    loop,
                    this);
            session = made;
            made.begin();
        }

        @Override
        public void received(byte[] bytes, int count) {
            SerialSession current = session;
            if (current != null) {
                current.take(bytes, count);
                countMalformed(current);
            }
        }

        @Override
        public void writable() {
            polling.ready();
        }

        @Override
        public void lost(String why) {
            line = null;
            endSession();
            if (!why.equals(lastFailure) && log.mayReport()) {
                log.warning(why + "; waiting for it");
            }
            lastFailure = why;
            again.arm(reconnectNanos);
        }

        @Override
        public void began(boolean keep) {
            SerialSession current = session;
            if (current == null) {
                return;
            }
            if (log.mayReport()) {
                log.info("the agent is there" + (keep ? ", and keeps what it held" : ", and begins anew"));
            }
            Attachment fresh = new Attachment(current);
            attachment = fresh;
            mine = fresh;
            port.peerConnected(WHO_IS_THERE);
            if (keep) {
                port.sessionBegan();
            } else {
                port.guestReset();
            }
            port.attached(fresh, fresh);
        }

        @Override
        public void received(byte[] bytes, int from, int length, int tag) {
            Attachment current = mine;
            if (current == null) {
                return;
            }
            if (waiting == SLOTS) {
                port.malformed(MalformedInput.BAD_PEER_MESSAGE);
                return;
            }
            int slot = (oldest + waiting) % SLOTS;
            System.arraycopy(bytes, from, commands[slot], 0, length);
            lengths[slot] = length;
            tags[slot] = tag;
            waiting++;
            polling.ready();
        }

        @Override
        public void ended(String why) {
            mine = null;
            detach();
            if (log.mayReport()) {
                log.info("the agent's session is over: " + why);
            }
        }
    }

    private void countMalformed(SerialSession current) {
        saidBroken = count(saidBroken, current.brokenFrames(), MalformedInput.BAD_FRAME);
        saidDropped = count(saidDropped, current.droppedMessages(), MalformedInput.BAD_PEER_MESSAGE);
        saidRepeated = count(saidRepeated, current.repeatedMessages(), MalformedInput.REPEATED_MESSAGE);
        saidLost = count(saidLost, current.lostMessages(), MalformedInput.LOST_MESSAGES);
    }

    private long count(long said, long now, MalformedInput reason) {
        for (long i = said; i < now; i++) {
            port.malformed(reason);
        }
        return now;
    }

    private void endSession() {
        SerialSession current = session;
        session = null;
        if (current != null) {
            current.close();
        }
        detach();
    }

    private void detach() {
        Attachment current = attachment;
        attachment = null;
        oldest = 0;
        waiting = 0;
        if (current != null) {
            current.isOver = true;
            port.detached();
            port.peerGone();
        }
    }

    /** One share of the commands that wait. */
    private final class Turn implements EventLoop.Poller {
        @Override
        public boolean poll() {
            Attachment current = attachment;
            return current != null && current.work();
        }

        /** The line, a late reply or an event make it ready. */
        @Override
        public boolean prepareToWait() {
            return false;
        }
    }

    /** One session of the agent. */
    private final class Attachment implements EventSink, ReplyListener {
        private final SerialSession own;
        private boolean isOver;
        private boolean replyOutstanding;
        private int lateLength = NOT_READY;
        private boolean eventsWait;

        Attachment(SerialSession own) {
            this.own = own;
        }

        boolean work() {
            boolean worked = false;
            if (lateLength != NOT_READY && own.hasRoom(lateLength)) {
                int length = lateLength;
                lateLength = NOT_READY;
                replyOutstanding = false;
                answer(length);
                worked = true;
            }
            boolean hasTime = true;
            for (int executed = 0; waiting > 0 && hasTime && mayExecute() && executed < MOST_MESSAGES; executed++) {
                execute();
                worked = true;
                hasTime = loop.hadTime();
            }
            if (isOver) {
                return worked;
            }
            if (waiting > 0 && mayExecute()) {
                polling.ready();
            }
            if (worked || (eventsWait && hasRoomForEvent(own.peerLongest()))) {
                eventsWait = false;
                port.flushEvents();
                worked = true;
            }
            return worked;
        }

        private boolean mayExecute() {
            return !isOver && !replyOutstanding && own.hasRoom(own.peerLongest());
        }

        private void execute() {
            int length;
            try {
                length = port.execute(commands[oldest], lengths[oldest], reply, own.peerLongest());
            } catch (RuntimeException e) {
                if (log.mayReport()) {
                    log.defect("a command failed inside the server", e);
                }
                length = 0;
            }
            if (length == AgentPort.DEFERRED) {
                replyOutstanding = true;
            } else {
                answer(length);
            }
        }

        /** Ends the oldest command. */
        private void answer(int length) {
            int tag = tags[oldest];
            oldest = (oldest + 1) % SLOTS;
            waiting--;
            if (length > 0) {
                own.send(reply, length, SerialSession.replyTag(tag));
            }
        }

        @Override
        public void replyReady(int length) {
            if (isOver || !replyOutstanding || lateLength != NOT_READY) {
                return;
            }
            if (length < 0 || length > own.peerLongest()) {
                throw new IllegalArgumentException("a reply of " + length + " bytes");
            }
            lateLength = length;
            polling.ready();
        }

        @Override
        public int maxLength() {
            return own.peerLongest();
        }

        @Override
        public Result offer(byte[] event, int length) {
            if (isOver) {
                return Result.NO_BUFFER;
            }
            if (length > own.peerLongest()) {
                return Result.TOO_LONG;
            }
            if (!hasRoomForEvent(length) || !own.send(event, length, SerialSession.NO_TAG)) {
                eventsWait = true;
                return Result.NO_BUFFER;
            }
            return Result.SENT;
        }

        /** A reply is to find room, whatever events there are. */
        private boolean hasRoomForEvent(int length) {
            SerialLine current = line;
            return current != null
                    && current.room() >= LONGEST_REPLY_ON_THE_WIRE + SerialSession.wireBytes(Envelope.BYTES + length);
        }
    }
}
