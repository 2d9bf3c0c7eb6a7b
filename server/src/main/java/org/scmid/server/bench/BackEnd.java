// The connection to a virtio-scmi back end: how it is reached, set up, and waited for.
package org.scmid.server.bench;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.scmid.agent.frontend.VhostUserFrontend;
import org.scmid.linux.Epoll;
import org.scmid.linux.Errno;
import org.scmid.linux.EventFd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixListener;
import org.scmid.linux.UnixSocket;
import org.scmid.protocol.MessageBuffer;
import org.scmid.transport.vhostuser.Request;
import org.scmid.transport.vhostuser.VhostUser;

/**
 * A virtio-scmi back end with its command queue set up. It is not trusted: every wait ends, and every reply is checked.
 * The event queue is not used, and P2A_CHANNELS not negotiated, so that the back end sends nothing by itself. For one
 * thread.
 */
public final class BackEnd implements AutoCloseable {
    /** Most messages under way. */
    public static final int MAX_DEPTH = RequestQueue.MAX_DEPTH;

    private static final int COMMANDS = 0;
    private static final int CALL = 0;
    private static final int SOCKET = 1;
    private static final int GONE = Epoll.RDHUP | Epoll.HUP | Epoll.ERR;
    private static final int SPINS_BETWEEN_LOOKS = 4096;
    private static final long SLICE_NANOS = 50_000_000;

    /**
     * How a back end is reached and talked to.
     *
     * @param socket the vhost-user socket
     * @param listen whether the back end connects, to a socket that is made here
     * @param patienceNanos how long anything that it owes is waited for, in nanoseconds
     * @param depth most requests under way, 1 to 512
     * @param spins whether replies are looked for in memory all the time; else the back end calls by an eventfd
     */
    public record Options(Path socket, boolean listen, long patienceNanos, int depth, boolean spins) {}

    private final Options options;
    private final VhostUserFrontend vmm;
    private final RequestQueue queue;
    private final EventFd kick;
    private final EventFd called;
    private final Epoll epoll;
    private final byte[] reply = new byte[RequestQueue.REPLY_BYTES];
    private final long features;
    private volatile boolean stopped;
    private int spins;

    private BackEnd(Options options, VhostUserFrontend vmm, long features) throws LinuxException {
        this.options = options;
        this.vmm = vmm;
        this.features = features;
        queue = new RequestQueue(options.depth, has(VhostUser.F_EVENT_IDX));
        kick = EventFd.createShared();
        called = EventFd.createShared();
        epoll = Epoll.create(2);
        epoll.add(called.fd(), Epoll.IN, CALL);
        epoll.add(vmm.fd(), Epoll.RDHUP, SOCKET);
    }

    /**
     * Connects, or waits to be connected to, and sets the command queue up.
     *
     * @throws BenchException if there is nobody, or who is there is no virtio-scmi back end
     */
    public static BackEnd open(Options options) throws BenchException {
        UnixSocket socket = options.listen ? accept(options) : connect(options.socket);
        VhostUserFrontend vmm;
        try {
            vmm = new VhostUserFrontend(socket, options.patienceNanos);
        } catch (LinuxException e) {
            socket.close();
            throw new BenchException(String.valueOf(e.getMessage()));
        }
        try {
            return negotiate(options, vmm);
        } catch (BenchException e) {
            vmm.close();
            throw e;
        }
    }

    private static UnixSocket connect(Path path) throws BenchException {
        try {
            return UnixSocket.connect(path);
        } catch (LinuxException e) {
            throw new BenchException(
                    switch (e.errno()) {
                        case Errno.ENOENT -> "there is no socket " + path;
                        case Errno.ECONNREFUSED ->
                            isOther(path)
                                    ? path + " is not a socket"
                                    : "nobody listens on " + path + ": its back end has ended";
                        case Errno.EACCES -> path + ": permission denied";
                        case Errno.EAGAIN -> path + ": its back end does not accept connections";
                        default -> String.valueOf(e.getMessage());
                    });
        }
    }

    private static boolean isOther(Path path) {
        return Files.isRegularFile(path) || Files.isDirectory(path);
    }

    private static UnixSocket accept(Options options) throws BenchException {
        if (Files.exists(options.socket, LinkOption.NOFOLLOW_LINKS) && isOther(options.socket)) {
            throw new BenchException(options.socket + " is not a socket; name another, or remove it");
        }
        try (UnixListener listener = UnixListener.bind(options.socket, 0600, -1);
                Epoll epoll = Epoll.create(1)) {
            epoll.add(listener.fd(), Epoll.IN, 0);
            long deadline = System.nanoTime() + options.patienceNanos;
            while (true) {
                UnixSocket socket = listener.accept();
                if (socket != null) {
                    return socket;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new BenchException(
                            "no back end connected to " + options.socket + " within " + seconds(options.patienceNanos));
                }
                epoll.awaitNanos(left);
            }
        } catch (LinuxException e) {
            throw new BenchException(String.valueOf(e.getMessage()));
        }
    }

    /** The features, then the queue. */
    private static BackEnd negotiate(Options options, VhostUserFrontend vmm) throws BenchException {
        long agreed;
        try {
            long offered = vmm.call(Request.GET_FEATURES, VhostUserFrontend.u64());
            if ((offered & VhostUser.F_VERSION_1) == 0) {
                throw new BenchException(options.socket + ": the back end offers the virtio features 0x"
                        + Long.toHexString(offered) + ", without VIRTIO_F_VERSION_1: it is not for virtio-scmi");
            }
        } catch (LinuxException e) {
            throw new BenchException(options.socket + ": " + whyNotVhostUser(e, options));
        }
        try {
            agreed = vmm.negotiate(VhostUser.F_EVENT_IDX, VhostUser.PROTOCOL_REPLY_ACK);
        } catch (LinuxException e) {
            throw new BenchException(options.socket + ": the features were not agreed on: " + reason(e));
        }
        try {
            return setUp(options, vmm, agreed);
        } catch (LinuxException e) {
            throw new BenchException(options.socket + ": the command queue could not be set up: " + reason(e));
        }
    }

    private static String whyNotVhostUser(LinuxException e, Options options) {
        return switch (e.errno()) {
            case Errno.ECONNRESET, Errno.EPIPE ->
                "the connection was closed at once: the back end has another front end, or does not speak vhost-user";
            case Errno.ETIMEDOUT ->
                "nothing answers to vhost-user: no reply to GET_FEATURES within " + seconds(options.patienceNanos);
            case Errno.EINVAL -> "what answers does not speak vhost-user: it is " + reason(e);
            default -> reason(e);
        };
    }

    private static BackEnd setUp(Options options, VhostUserFrontend vmm, long features) throws LinuxException {
        BackEnd backEnd = new BackEnd(options, vmm, features);
        try {
            vmm.shareTable(backEnd.queue.memory());
            vmm.startRing(COMMANDS, backEnd.queue.memory(), backEnd.queue.ring(), 0, backEnd.kick, backEnd.called);
            if (backEnd.has(VhostUser.F_PROTOCOL_FEATURES)) {
                vmm.enableRing(COMMANDS, true);
            }
            if (options.spins) {
                backEnd.queue.ring().suppressCalls();
            }
            return backEnd;
        } catch (LinuxException e) {
            backEnd.close();
            throw e;
        }
    }

    private boolean has(long feature) {
        return (features & feature) != 0;
    }

    /** What went wrong, without the system call that nobody wants to know here. */
    private static String reason(LinuxException e) {
        return e.errno() == Errno.EPIPE || e.errno() == Errno.ECONNRESET
                ? "the back end closed the connection"
                : String.valueOf(e.getMessage());
    }

    static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString() + " s";
    }

    // ---- messages ----

    RequestQueue queue() {
        return queue;
    }

    /** How long anything that is owed is waited for, in nanoseconds. */
    long patienceNanos() {
        return options.patienceNanos;
    }

    /** Shows the back end what was offered, and kicks it if it wants that. */
    void publish() throws BenchException {
        queue.ring().publish();
        if (queue.ring().needsKick()) {
            try {
                kick.signal();
            } catch (LinuxException e) {
                throw new BenchException(String.valueOf(e.getMessage()));
            }
        }
    }

    /**
     * Waits for a reply, but not long: returns too if there is none, so that the caller looks at the time.
     *
     * @param nanos how long at most, in nanoseconds, from 0
     * @throws BenchException if the back end has closed the connection
     */
    void awaitReplies(long nanos) throws BenchException {
        try {
            if (options.spins) {
                spin();
            } else if (!queue.ring().requestCalls()) {
                look(Math.min(nanos, SLICE_NANOS));
            }
        } catch (LinuxException e) {
            throw new BenchException(String.valueOf(e.getMessage()));
        }
    }

    private void spin() throws LinuxException, BenchException {
        Thread.onSpinWait();
        spins++;
        if (spins >= SPINS_BETWEEN_LOOKS) {
            spins = 0;
            look(0);
        }
    }

    private void look(long nanos) throws LinuxException, BenchException {
        int count = epoll.awaitNanos(nanos);
        boolean gone = false;
        for (int i = 0; i < count; i++) {
            if (epoll.token(i) == CALL) {
                called.drain();
            } else {
                gone |= (epoll.events(i) & GONE) != 0;
            }
        }
        // What it returned before it went is still taken.
        if (gone && queue.waiting() == 0) {
            throw new BenchException("the back end went away: it closed the connection");
        }
    }

    /**
     * Sends one request while nothing is under way, and waits for its reply.
     *
     * @param request its bytes
     * @param header its first word
     * @param name for people
     * @return the reply, whatever it says
     * @throws BenchException if there is none in time
     */
    MessageBuffer ask(byte[] request, int header, String name) throws BenchException {
        queue.offer(0, request, header);
        publish();
        long deadline = System.nanoTime() + options.patienceNanos;
        while (queue.waiting() == 0) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new BenchException("the back end took a message, and did not answer it within "
                        + seconds(options.patienceNanos) + ": " + name);
            }
            awaitReplies(left);
        }
        queue.take(reply);
        return new MessageBuffer().wrap(reply, 0, queue.takenLength());
    }

    /** Lets a {@link Load} under way end soon, with what it has measured. From any thread. */
    public void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }

    /** Disconnects, as a VMM that ends. */
    @Override
    public void close() {
        vmm.close();
        epoll.close();
        called.close();
        kick.close();
        queue.close();
    }
}
