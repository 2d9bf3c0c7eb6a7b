// The session of two sides of a serial line: which messages count.
package org.scmid.transport.serial;

import java.util.function.IntSupplier;
import java.util.zip.CRC32;
import org.scmid.loop.Scheduler;
import org.scmid.transport.AgentPort;
import org.scmid.transport.virtqueue.LittleEndian;

/**
 * Either side's end of the sessions that docs/serial.md defines, over one opened line. A message is handed over once, as
 * it was sent, to the session that it was meant for, or not at all. Keeps one message of either direction, whatever comes.
 * Allocates nothing once it is made. For the loop's thread.
 *
 * <p>An agent has one session by it, and then is to be made anew, or told to {@link #begin} again; a platform goes on with
 * the next one.
 */
public final class SerialSession {
    /** Which side this is. */
    public enum Role {
        AGENT,
        PLATFORM
    }

    /** The tag of what answers nothing. */
    static final int NO_TAG = Packet.TAG_OWNER;

    /** Who is told what comes. */
    public interface Listener {
        /**
         * The other side is there, and messages can be sent.
         *
         * @param keep whether the other side, an agent, says that it keeps what it held
         */
        void began(boolean keep);

        /**
         * An SCMI message of this session.
         *
         * @param bytes has it at bytes[from..from+length); valid during the call
         * @param length 4 to {@link AgentPort#MAX_MESSAGE}
         * @param tag by which its reply is marked
         */
        void received(byte[] bytes, int from, int length, int tag);

        /** The session is over, for this reason. */
        void ended(String why);
    }

    /**
     * What an end says of itself.
     *
     * @param keep of an agent: whether the platform is to go on with what it held
     * @param longest the longest SCMI message that it takes, 64 to 4096 bytes
     * @param window of a platform: how many commands may be under way, 1 to 65535; 0 of an agent
     */
    public record Greeting(Role role, boolean keep, int longest, int window) {}

    private static final long MILLI = 1_000_000;
    private static final long HELLO_NANOS = 100 * MILLI;
    private static final long QUIET_NANOS = 1_000 * MILLI;
    private static final long AGAIN_NANOS = 500 * MILLI;
    /** How long the other side may be silent before the session is over. */
    public static final long SILENCE_NANOS = 3_000 * MILLI;

    private static final int NOBODY = 0;

    /** Where a session is. */
    private enum State {
        /** Nothing has begun yet, or an agent's session is over. */
        IDLE,
        /** The other side is searched for, or waited for. */
        ALONE,
        OPEN
    }

    private final SerialSettings settings;
    private final Greeting greeting;
    private final IntSupplier random;
    private final SerialLine line;
    private final Scheduler time;
    private final Listener listener;
    private final Scheduler.Timer timer;
    private final Reassembly reassembly;
    private final FrameDecoder decoder;
    private final CRC32 crc = new CRC32();
    private final byte[] message = new byte[Envelope.LONGEST];
    private final byte[] packet = new byte[Frame.LONGEST_PACKET];
    private final byte[] wire = new byte[wireBytes(Envelope.LONGEST)];

    private State state = State.IDLE;
    private int ownNonce;
    private int ownSequence;
    private int nextTag;
    private int peerNonce = NOBODY;
    private int peerSequence;
    private int peerLongest = Envelope.SMALLEST_LONGEST;
    private int peerWindow = 1;
    private long heardAt;
    private long sentAt;
    private long helloAt;

    private long malformed;
    private long repeated;
    private long missed;
    private long foreign;
    private long sessions;

    /**
     * @param greeting what this end says of itself
     * @param random 32 random bits for each nonce
     * @param line opened, this session's alone
     */
    public SerialSession(
            SerialSettings settings,
            Greeting greeting,
            IntSupplier random,
            SerialLine line,
            Scheduler time,
            Listener listener) {
        this.settings = settings;
        this.greeting = greeting;
        this.random = random;
        this.line = line;
        this.time = time;
        this.listener = listener;
        this.timer = time.timer(this::timeIsUp);
        this.reassembly = new Reassembly(settings.eid(), settings.peerEid(), Envelope.LONGEST, new Arrivals());
        this.decoder = new FrameDecoder(reassembly::packet);
    }

    /** The most bytes that a message of some length can have on the wire. */
    static int wireBytes(int messageLength) {
        int packets = (messageLength + Packet.LONGEST_BODY - 1) / Packet.LONGEST_BODY;
        return packets * (Frame.LONGEST - 2 * Packet.LONGEST_BODY) + 2 * messageLength;
    }

    /** Bytes that a line needs room for, so that the longest message can be sent. */
    static int longestOnTheWire() {
        return wireBytes(Envelope.LONGEST);
    }

    /** Begins, with another nonce than before: an agent searches the platform, a platform says that it is there. */
    public void begin() {
        int nonce = random.getAsInt();
        ownNonce = nonce == NOBODY || nonce == ownNonce ? ownNonce + 1 : nonce;
        if (ownNonce == NOBODY) {
            ownNonce = 1;
        }
        ownSequence = 0;
        peerNonce = NOBODY;
        state = State.ALONE;
        sendGreeting(Envelope.HELLO);
        arm();
    }

    /** Ends it, without a word to anybody. */
    public void close() {
        state = State.IDLE;
        timer.disarm();
    }

    /** Whether messages can be sent, and are delivered. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** The longest SCMI message that the other side takes, in bytes. */
    public int peerLongest() {
        return peerLongest;
    }

    /** How many commands the other side, a platform, lets be under way. */
    public int peerWindow() {
        return peerWindow;
    }

    /** What was counted so far. */
    public SerialCounters counters() {
        return new SerialCounters(
                brokenFrames(),
                reassembly.strange(),
                droppedMessages(),
                repeatedMessages(),
                lostMessages(),
                foreign,
                sessions);
    }

    long brokenFrames() {
        return decoder.broken();
    }

    long droppedMessages() {
        return reassembly.dropped() + malformed;
    }

    long repeatedMessages() {
        return repeated;
    }

    long lostMessages() {
        return missed;
    }

    /** The next tag for a command. */
    public int takeTag() {
        int tag = nextTag;
        nextTag = (tag + 1) & Packet.TAG_MASK;
        return Packet.TAG_OWNER | tag;
    }

    /** The tag of a reply to a message that came with a tag. */
    static int replyTag(int tag) {
        return tag & Packet.TAG_MASK;
    }

    /** Whether there is room for an SCMI message of some length. */
    public boolean hasRoom(int length) {
        return state == State.OPEN && line.room() >= wireBytes(Envelope.BYTES + length);
    }

    /**
     * Sends an SCMI message, or nothing of it.
     *
     * @param from its bytes, from index 0; the caller's again when this returns
     * @param length 4 to {@link #peerLongest}
     * @return false if there is no session, or no room
     */
    public boolean send(byte[] from, int length, int tag) {
        if (!hasRoom(length)) {
            return false;
        }
        System.arraycopy(from, 0, message, Envelope.AT_BODY, length);
        message[Envelope.AT_FLAGS] = 0;
        write(Envelope.SCMI, length, tag);
        return true;
    }

    /** Takes bytes that came by the line. */
    public void take(byte[] bytes, int count) {
        if (state != State.IDLE) {
            decoder.take(bytes, 0, count);
        }
    }

    // ---- what is sent ----

    private void sendGreeting(int kind) {
        helloAt = time.nanoTime();
        if (line.room() < wireBytes(Envelope.BYTES + Envelope.GREETING_BYTES)) {
            return; // what waits to be sent tells as well that somebody is here
        }
        int flags = greeting.role() == Role.PLATFORM ? Envelope.IS_PLATFORM : 0;
        message[Envelope.AT_FLAGS] = (byte) (greeting.keep() ? flags | Envelope.KEEP : flags);
        Envelope.putU16(message, Envelope.AT_LONGEST, greeting.longest());
        Envelope.putU16(message, Envelope.AT_WINDOW, greeting.window());
        LittleEndian.putInt(message, Envelope.AT_WINDOW + 2, 0);
        write(kind, Envelope.GREETING_BYTES, NO_TAG);
    }

    /** Completes the message, whose body and flags are in place, and sends it; there is room. */
    private void write(int kind, int bodyLength, int tag) {
        message[0] = (byte) Envelope.TYPE;
        LittleEndian.putInt(message, Envelope.AT_ENTERPRISE, Integer.reverseBytes((int) settings.enterprise()));
        message[Envelope.AT_VERSION] = Envelope.VERSION;
        message[Envelope.AT_KIND] = (byte) kind;
        LittleEndian.putInt(message, Envelope.AT_SESSION, ownNonce);
        LittleEndian.putInt(message, Envelope.AT_PEER, peerNonce);
        LittleEndian.putInt(message, Envelope.AT_SEQUENCE, ++ownSequence);
        int length = Envelope.BYTES + bodyLength;
        Envelope.seal(crc, message, length);
        line.write(wire, 0, onTheWire(length, tag));
        sentAt = time.nanoTime();
    }

    private int onTheWire(int length, int tag) {
        packet[Packet.AT_VERSION] = Packet.VERSION;
        packet[Packet.AT_DESTINATION] = (byte) settings.peerEid();
        packet[Packet.AT_SOURCE] = (byte) settings.eid();
        int end = 0;
        int sequence = 0;
        for (int at = 0; at < length; at += Packet.LONGEST_BODY) {
            int body = Math.min(Packet.LONGEST_BODY, length - at);
            int flags = tag | (sequence << Packet.SEQUENCE_SHIFT);
            flags |= at == 0 ? Packet.FIRST : 0;
            flags |= at + body == length ? Packet.LAST : 0;
            packet[Packet.AT_FLAGS] = (byte) flags;
            System.arraycopy(message, at, packet, Packet.HEADER_BYTES, body);
            end = Frame.write(packet, Packet.HEADER_BYTES + body, wire, end);
            sequence = (sequence + 1) & Packet.SEQUENCE_MASK;
        }
        return end;
    }

    // ---- time ----

    private void arm() {
        long now = time.nanoTime();
        if (state == State.ALONE && greeting.role() == Role.AGENT) {
            timer.arm(Math.max(0, helloAt + HELLO_NANOS - now));
        } else if (state == State.OPEN) {
            long next = heardAt + SILENCE_NANOS;
            if (greeting.role() == Role.AGENT) {
                next = Math.min(next, nextHello());
            }
            timer.arm(Math.max(0, next - now));
        } else {
            timer.disarm();
        }
    }

    /** When an agent is to say that it is there, since it has heard or said nothing for so long. */
    private long nextHello() {
        return Math.max(Math.min(heardAt, sentAt) + QUIET_NANOS, helloAt + AGAIN_NANOS);
    }

    private void timeIsUp() {
        long now = time.nanoTime();
        if (state == State.OPEN && now - heardAt >= SILENCE_NANOS) {
            end("nothing was heard of the other side for 3 s");
        } else if (greeting.role() == Role.AGENT
                && (state == State.ALONE || (state == State.OPEN && now - nextHello() >= 0))) {
            sendGreeting(Envelope.HELLO);
        }
        arm();
    }

    /** Who is there has to be told what is not known of him; not for each message of a flood. */
    private void complain() {
        if (time.nanoTime() - helloAt >= HELLO_NANOS) {
            sendGreeting(Envelope.HELLO);
        }
    }

    // ---- what comes ----

    /** What the packets tell. */
    private final class Arrivals implements Reassembly.Sink {
        @Override
        public void heard() {
            heardAt = time.nanoTime();
        }

        @Override
        public void message(byte[] bytes, int length, int tag) {
            if (state == State.IDLE) {
                return;
            }
            if (!isMessage(bytes, length)) {
                malformed++;
            } else if (bytes[Envelope.AT_KIND] == Envelope.SCMI) {
                scmi(bytes, length - Envelope.BYTES, tag);
            } else {
                greeted(bytes);
            }
        }
    }

    private boolean isMessage(byte[] bytes, int length) {
        if (length < Envelope.BYTES + Envelope.SHORTEST_SCMI
                || (bytes[0] & 0xFF) != Envelope.TYPE
                || LittleEndian.getInt(bytes, Envelope.AT_ENTERPRISE)
                        != Integer.reverseBytes((int) settings.enterprise())
                || bytes[Envelope.AT_VERSION] != Envelope.VERSION
                || !Envelope.isSound(crc, bytes, length)
                || LittleEndian.getInt(bytes, Envelope.AT_SESSION) == NOBODY) {
            return false;
        }
        int body = length - Envelope.BYTES;
        return switch (bytes[Envelope.AT_KIND]) {
            case Envelope.SCMI -> body <= greeting.longest();
            case Envelope.HELLO, Envelope.WELCOME -> isGreeting(bytes, body);
            default -> false;
        };
    }

    /** Two of a kind have nothing to say to each other. */
    private boolean isGreeting(byte[] bytes, int body) {
        if (body != Envelope.GREETING_BYTES) {
            return false;
        }
        boolean isPlatform = (bytes[Envelope.AT_FLAGS] & Envelope.IS_PLATFORM) != 0;
        int longest = Envelope.getU16(bytes, Envelope.AT_LONGEST);
        return isPlatform == (greeting.role() == Role.AGENT)
                && longest >= Envelope.SMALLEST_LONGEST
                && longest <= AgentPort.MAX_MESSAGE
                && (!isPlatform || Envelope.getU16(bytes, Envelope.AT_WINDOW) > 0);
    }

    private void scmi(byte[] bytes, int length, int tag) {
        boolean isOfThisSession = state == State.OPEN
                && LittleEndian.getInt(bytes, Envelope.AT_SESSION) == peerNonce
                && LittleEndian.getInt(bytes, Envelope.AT_PEER) == ownNonce;
        if (!isOfThisSession) {
            foreign++;
            complain();
        } else if (isNext(bytes)) {
            listener.received(bytes, Envelope.AT_BODY, length, tag);
        }
    }

    /** Whether this message of the known nonce is none that came already; its number is taken if so. */
    private boolean isNext(byte[] bytes) {
        int sequence = LittleEndian.getInt(bytes, Envelope.AT_SEQUENCE);
        int ahead = sequence - peerSequence;
        if (ahead <= 0) {
            repeated++;
            return false;
        }
        if (ahead > 1) {
            missed++;
        }
        peerSequence = sequence;
        return true;
    }

    private void greeted(byte[] bytes) {
        int nonce = LittleEndian.getInt(bytes, Envelope.AT_SESSION);
        boolean namesUs = LittleEndian.getInt(bytes, Envelope.AT_PEER) == ownNonce;
        boolean isHello = bytes[Envelope.AT_KIND] == Envelope.HELLO;
        if (!isHello && !namesUs) {
            return; // an answer to somebody who was here before
        }
        boolean isNew = nonce != peerNonce;
        if (!isNew && !isNext(bytes)) {
            return;
        }
        boolean isOver = state == State.OPEN && (isNew || (greeting.role() == Role.AGENT && isHello && !namesUs));
        if (isOver) {
            end(isNew ? "the other side began anew" : "the other side has forgotten the session");
            if (state == State.IDLE) {
                return;
            }
        }
        if (nonce != peerNonce) {
            peerNonce = nonce;
            peerSequence = LittleEndian.getInt(bytes, Envelope.AT_SEQUENCE);
        }
        if (isHello) {
            sendGreeting(Envelope.WELCOME);
        }
        boolean begins = state == State.ALONE && (greeting.role() == Role.PLATFORM || !isHello);
        if (begins) {
            open(bytes);
        }
    }

    private void open(byte[] bytes) {
        state = State.OPEN;
        sessions++;
        peerLongest = Envelope.getU16(bytes, Envelope.AT_LONGEST);
        peerWindow = Envelope.getU16(bytes, Envelope.AT_WINDOW);
        arm();
        listener.began((bytes[Envelope.AT_FLAGS] & Envelope.KEEP) != 0);
    }

    /** The session is over: an agent begins another when it is told to, a platform waits for one. */
    private void end(String why) {
        state = greeting.role() == Role.AGENT ? State.IDLE : State.ALONE;
        peerNonce = NOBODY;
        timer.disarm();
        listener.ended(why);
    }
}
