// The socket transport of one agent: length-prefixed SCMI messages on a Unix stream socket.
package org.scmid.transport.socket;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.LinuxException;
import org.scmid.linux.PeerIdentity;
import org.scmid.linux.UnixListener;
import org.scmid.linux.UnixSocket;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.transport.AgentLog;
import org.scmid.transport.AgentPort;
import org.scmid.transport.AgentTransport;
import org.scmid.transport.EventSink;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.ReplyListener;
import org.scmid.transport.virtqueue.LittleEndian;

/**
 * Serves one agent on a Unix stream socket. Both ways a message is {@code u32 length, SCMI message of that many bytes},
 * little-endian, the length from 4 to 4096. Replies, delayed responses and notifications come in the order they were
 * made; the client tells them apart by the SCMI header's message type. A command without a reply (not a command at all)
 * is answered by nothing.
 *
 * <p>An agent is one client: while one is connected, another is refused. A client that connects begins anew, like a guest
 * after a reset. One that sends a length out of range is disconnected. One that does not read gets no more commands
 * executed until it does; events it has no room for stay with the server. While a reply is deferred, nothing more is read
 * from the client, and room for the reply is kept free.
 */
public final class SocketTransport implements AgentTransport {
    private static final int LENGTH_BYTES = 4;
    private static final int MIN_MESSAGE = 4;

    /** However cheap they are: how many messages are executed at once, as of a ring. */
    private static final int MOST_MESSAGES = 64;

    /** What is read at once. */
    private static final int INPUT_BYTES = 2 * (LENGTH_BYTES + AgentPort.MAX_MESSAGE);

    private static final int LONGEST_FRAME = LENGTH_BYTES + AgentPort.MAX_MESSAGE;

    /** In place of the length of a reply that is outstanding. */
    private static final int NOT_READY = -1;

    /** Bytes on their way to a client that does not read, beyond what the kernel holds: no more than a few messages. */
    private static final int OUTPUT_BYTES = 4 * (LENGTH_BYTES + AgentPort.MAX_MESSAGE);

    private static final int READING = Epoll.IN | Epoll.RDHUP;
    private static final long ACCEPT_AGAIN_NANOS = 1_000_000_000;

    private final EventLoop loop;
    private final AgentPort port;
    private final Path path;
    private final int mode;
    private final int groupId;
    private final AgentLog log;
    private final Scheduler.Timer acceptAgain;
    private @Nullable UnixListener listener;
    private EventLoop.@Nullable Registration listenerWatch;
    private @Nullable Client client;
    private @Nullable Buffers buffers;

    private SocketTransport(EventLoop loop, AgentPort port, Path path, int mode, int groupId) {
        this.loop = loop;
        this.port = port;
        this.path = path;
        this.mode = mode;
        this.groupId = groupId;
        this.log = new AgentLog(SocketTransport.class, loop, port.name());
        this.acceptAgain = loop.timer(this::watchListener);
    }

    /**
     * A transport that clients connect to.
     *
     * @param socket the socket's file; a stale one is replaced
     * @param mode its permission bits, such as 0660
     * @param groupIdOrMinus1 its group; -1 leaves it
     */
    public static SocketTransport listening(
            EventLoop loop, AgentPort port, Path socket, int mode, int groupIdOrMinus1) {
        return new SocketTransport(loop, port, socket, mode, groupIdOrMinus1);
    }

    @Override
    public void start() throws LinuxException {
        UnixListener bound = UnixListener.bind(path, mode, groupId);
        listener = bound;
        listenerWatch = loop.watch(bound.fd(), Epoll.IN, this::accept);
        log.info("listening for a client on " + path);
    }

    @Override
    public void close() {
        acceptAgain.disarm();
        Client current = client;
        if (current != null) {
            current.close();
        }
        unwatchListener();
        UnixListener bound = listener;
        listener = null;
        if (bound != null) {
            bound.close();
        }
    }

    private void watchListener() {
        UnixListener bound = listener;
        if (bound != null && listenerWatch == null) {
            try {
                listenerWatch = loop.watch(bound.fd(), Epoll.IN, this::accept);
            } catch (LinuxException e) {
                acceptAgain.arm(ACCEPT_AGAIN_NANOS);
            }
        }
    }

    private void unwatchListener() {
        EventLoop.Registration watch = listenerWatch;
        listenerWatch = null;
        if (watch != null) {
            watch.cancel();
        }
    }

    private void accept(int epollEvents) {
        UnixListener bound = listener;
        if (bound == null) {
            return;
        }
        try {
            UnixSocket socket = bound.accept();
            if (socket != null) {
                welcome(socket);
            }
        } catch (LinuxException e) {
            // Out of descriptors: the client still waits, and the listener stays ready. Not to spin, look again later.
            if (log.mayReport()) {
                log.warning("cannot accept a connection: " + e.getMessage());
            }
            unwatchListener();
            acceptAgain.arm(ACCEPT_AGAIN_NANOS);
        }
    }

    private void welcome(UnixSocket socket) throws LinuxException {
        Client current = client;
        if (current != null) {
            current.check(); // it may be gone, and only not noticed yet
        }
        if (client != null) {
            socket.close();
            if (log.mayReport()) {
                log.warning("a second connection to " + path + " was refused: one client is connected already");
            }
            return;
        }
        try {
            PeerIdentity peer = socket.peer();
            Client fresh = new Client(socket);
            client = fresh;
            fresh.begin(peer);
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    /** What a client needs of memory; made with the first, and then of use to one after the other, however fast they come. */
    private static final class Buffers {
        private final byte[] input = new byte[INPUT_BYTES];
        private final byte[] request = new byte[AgentPort.MAX_MESSAGE];
        private final byte[] reply = new byte[AgentPort.MAX_MESSAGE];
        private final byte[] output = new byte[OUTPUT_BYTES];
    }

    private Buffers buffers() {
        Buffers made = buffers;
        if (made == null) {
            made = new Buffers();
            buffers = made;
        }
        return made;
    }

    /** One connected client. */
    private final class Client implements EventLoop.Poller, EventSink, ReplyListener, AutoCloseable {
        private final UnixSocket socket;
        private final EventLoop.Registration watch;
        private final EventLoop.Polling polling;
        private final byte[] input;
        private final byte[] request;
        private final byte[] reply;
        private final byte[] output;
        private int inputLength;
        private boolean readable;
        private boolean hungUp;
        private int outputLength;
        private boolean unsent;
        private int watched = READING;
        private boolean eventsWait;
        private boolean replyOutstanding;
        private int lateLength = NOT_READY;
        private boolean begun;
        private boolean closed;
        private @Nullable String failure;

        Client(UnixSocket socket) throws LinuxException {
            Buffers own = buffers();
            this.socket = socket;
            this.input = own.input;
            this.request = own.request;
            this.reply = own.reply;
            this.output = own.output;
            this.watch = loop.watch(socket.fd(), watched, this::ready);
            this.polling = loop.poll(this);
        }

        void begin(PeerIdentity peer) {
            begun = true;
            if (log.mayReport()) {
                log.info("client connected (process " + peer.pid() + ")");
            }
            port.peerConnected(peer);
            port.guestReset();
            port.attached(this, this);
        }

        @Override
        public int maxLength() {
            return AgentPort.MAX_MESSAGE;
        }

        @Override
        public Result offer(byte[] event, int length) {
            if (closed || failure != null) {
                return Result.NO_BUFFER;
            }
            if (length < MIN_MESSAGE || length > AgentPort.MAX_MESSAGE) {
                return Result.TOO_LONG;
            }
            if (LENGTH_BYTES + length > room() && !makeRoom(length)) {
                eventsWait = true;
                return Result.NO_BUFFER;
            }
            append(event, length);
            unsent = true;
            return Result.SENT;
        }

        private boolean makeRoom(int length) {
            sendOffered();
            return LENGTH_BYTES + length <= room();
        }

        @Override
        public void sendOffered() {
            if (!unsent || closed || failure != null) {
                return;
            }
            try {
                send();
            } catch (LinuxException e) {
                // Events come out of the work for another agent: only take note here.
                failure = String.valueOf(e.getMessage());
                polling.ready();
            }
        }

        @Override
        public void replyReady(int length) {
            if (closed || !replyOutstanding || lateLength != NOT_READY) {
                return;
            }
            if (length < 0 || length > AgentPort.MAX_MESSAGE) {
                throw new IllegalArgumentException("a reply of " + length + " bytes");
            }
            lateLength = length;
            polling.ready();
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            if (client == this) {
                client = null;
            }
            watch.cancel();
            polling.cancel();
            socket.close();
            if (begun) {
                port.detached();
                port.peerGone();
            }
        }

        private void end(String reason) {
            if (!closed) {
                close();
                if (log.mayReport()) {
                    log.info("the connection to the client ended: " + reason);
                }
            }
        }

        /** Looks at the socket now: whether the client is gone shows at the latest here. */
        void check() {
            readable = true;
            poll();
            if (replyOutstanding && !closed) {
                lookForEnd();
            }
        }

        /** Reads ahead, as far as the input has room: only the end of the stream is of interest. */
        private void lookForEnd() {
            try {
                int count = 1;
                while (inputLength < INPUT_BYTES && count != UnixSocket.WOULD_BLOCK && !closed) {
                    count = socket.receive(input, inputLength, INPUT_BYTES - inputLength, null);
                    if (count == UnixSocket.CLOSED) {
                        end("it closed the connection");
                    } else if (count > 0) {
                        inputLength += count;
                    }
                }
            } catch (LinuxException e) {
                end(String.valueOf(e.getMessage()));
            }
        }

        private void ready(int epollEvents) {
            hungUp |= (epollEvents & (Epoll.HUP | Epoll.ERR)) != 0;
            readable = true; // or writable: then the looks at what there is cost little
            polling.ready();
        }

        @Override
        public boolean poll() {
            if (closed) {
                return false;
            }
            String failed = failure;
            if (failed != null) {
                end(failed);
                return true;
            }
            try {
                return work();
            } catch (LinuxException e) {
                end(String.valueOf(e.getMessage()));
                return true;
            }
        }

        /** Epoll, a late reply or an event make it ready. */
        @Override
        public boolean prepareToWait() {
            return false;
        }

        private boolean work() throws LinuxException {
            boolean worked = readable || lateLength != NOT_READY;
            if (lateLength != NOT_READY) {
                sendLateReply();
            }
            if (readable && outputLength > 0) {
                send();
            }
            if (mayExecute()) {
                // First what was left when there was no room, or its time was over, or a reply took time.
                boolean goesOn = executeAll();
                worked |= !goesOn;
                if (goesOn && readable) {
                    goesOn = receive();
                }
                if (!goesOn) {
                    polling.ready(); // nothing else says that there is more: it is not in the socket
                }
            } else if (hungUp) {
                end("it closed the connection");
            }
            readable = false; // epoll says so again if there is more
            if (!closed && eventsWait && room() >= LONGEST_FRAME) {
                eventsWait = false;
                port.flushEvents();
                worked = true;
            }
            return worked;
        }

        /** @return false if its time was over before everything was executed */
        private boolean receive() throws LinuxException {
            if (closed || inputLength == INPUT_BYTES || !mayExecute()) {
                return true;
            }
            int count = socket.receive(input, inputLength, INPUT_BYTES - inputLength, null);
            if (count == UnixSocket.WOULD_BLOCK) {
                return true;
            }
            if (count == UnixSocket.CLOSED) {
                end(inputLength == 0 ? "it closed the connection" : "it closed the connection amid a message");
                return true;
            }
            inputLength += count;
            return executeAll();
        }

        /**
         * Executes the complete messages of the input, as long as its time and the room for replies last; sends these
         * together.
         *
         * @return false if its time was over before
         */
        private boolean executeAll() throws LinuxException {
            int at = 0;
            int executed = 0;
            boolean hasTime = true;
            while (inputLength - at >= LENGTH_BYTES && hasTime && mayExecute()) {
                int length = LittleEndian.getInt(input, at);
                if (length < MIN_MESSAGE || length > AgentPort.MAX_MESSAGE) {
                    port.malformed(MalformedInput.BAD_PEER_MESSAGE);
                    end("it announced a message of " + Integer.toUnsignedString(length) + " bytes; allowed are "
                            + MIN_MESSAGE + " to " + AgentPort.MAX_MESSAGE);
                    return true;
                }
                if (inputLength - at < LENGTH_BYTES + length) {
                    break;
                }
                System.arraycopy(input, at + LENGTH_BYTES, request, 0, length);
                at += LENGTH_BYTES + length;
                execute(length);
                executed++;
                hasTime = executed < MOST_MESSAGES && loop.hadTime();
            }
            System.arraycopy(input, at, input, 0, inputLength - at);
            inputLength -= at;
            if (executed > 0) {
                send();
                port.flushEvents();
            }
            return hasTime;
        }

        private void execute(int length) {
            int replyLength;
            try {
                replyLength = port.execute(request, length, reply, AgentPort.MAX_MESSAGE);
            } catch (RuntimeException e) {
                if (log.mayReport()) {
                    log.defect("a command failed inside the server", e);
                }
                return;
            }
            if (replyLength == AgentPort.DEFERRED) {
                replyOutstanding = true;
            } else if (replyLength > 0) {
                append(reply, replyLength);
            }
        }

        private void sendLateReply() throws LinuxException {
            int length = lateLength;
            lateLength = NOT_READY;
            replyOutstanding = false;
            if (length > 0) {
                append(reply, length);
            }
            send();
            port.flushEvents();
        }

        /** Bytes of the output that are free, and not kept for the reply that is outstanding. */
        private int room() {
            return OUTPUT_BYTES - outputLength - (replyOutstanding ? LONGEST_FRAME : 0);
        }

        private boolean mayExecute() {
            return !replyOutstanding && room() >= LONGEST_FRAME;
        }

        private void append(byte[] message, int length) {
            LittleEndian.putInt(output, outputLength, length);
            System.arraycopy(message, 0, output, outputLength + LENGTH_BYTES, length);
            outputLength += LENGTH_BYTES + length;
        }

        /** Sends what the kernel takes, and waits for what can go on. */
        private void send() throws LinuxException {
            unsent = false;
            int done = 0;
            while (done < outputLength) {
                int count = socket.send(output, done, outputLength - done);
                if (count == UnixSocket.WOULD_BLOCK) {
                    break;
                }
                done += count;
            }
            System.arraycopy(output, done, output, 0, outputLength - done);
            outputLength -= done;
            // While nothing may be executed nothing is read, the end of the stream included: that would be ready for
            // ever.
            int wanted = (mayExecute() ? READING : 0) | (outputLength > 0 ? Epoll.OUT : 0);
            if (wanted != watched) {
                watched = wanted;
                watch.change(wanted);
            }
        }
    }
}
