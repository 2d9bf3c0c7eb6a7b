// An agent's connection on a thread of its own, by a socket or by rings: messages there and back, and waiting.
package org.scmid.system;

import java.nio.file.Path;
import org.scmid.agent.frontend.VhostUserDriver;
import org.scmid.linux.Epoll;
import org.scmid.linux.Errno;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixSocket;
import org.scmid.protocol.Header;
import org.scmid.transport.virtqueue.LittleEndian;

/** Sends messages, {@link #DEPTH} under way at a time, and takes what comes. Allocates nothing for a message. */
abstract sealed class Peer implements AutoCloseable {
    /** How many commands can be under way: as many as the driver's ring has room for. */
    static final int DEPTH = VhostUserDriver.ENTRIES / 2;

    private static final int PATIENCE_MILLIS = 10_000;

    /** How it speaks to the service. */
    enum Transport {
        SOCKET("socket"),
        RINGS("vhost-user");

        final String word;

        Transport(String word) {
            this.word = word;
        }

        Peer connect(Path socket) throws LinuxException {
            return this == SOCKET ? new OverSocket(socket) : new OverRings(socket);
        }
    }

    /** Takes a message to be sent; false if there is no room now, or if enough are under way. */
    abstract boolean send(byte[] message) throws LinuxException;

    /** Sends what was taken, as far as that goes. */
    abstract void flush() throws LinuxException;

    /** Takes the next reply or event; then {@link #header} is that of it. */
    abstract boolean take() throws LinuxException;

    /** The header of what came last; 0 if it was too short for one. */
    abstract int header();

    /** The status of the reply that came last. */
    abstract int status();

    /** Waits until something has come; false after the time. */
    abstract boolean await(long nanos) throws LinuxException;

    /** Sends a command and waits for its reply; what else comes is dropped. Returns its status. */
    int call(byte[] command) throws LinuxException {
        if (!send(command)) {
            throw new IllegalStateException("no room for a command");
        }
        flush();
        Deadline deadline = Deadline.generous();
        while (true) {
            while (take()) {
                if (Header.isCommand(header())) {
                    return status();
                }
            }
            if (deadline.isOver()) {
                throw new AssertionError("no reply");
            }
            await(1_000_000_000);
        }
    }

    @Override
    public abstract void close();

    private static final class OverSocket extends Peer {
        private static final int LENGTH_BYTES = 4;
        private static final int LONGEST = 4096;

        private final UnixSocket socket;
        private final Epoll epoll = Epoll.create(1);
        private final byte[] out = new byte[DEPTH * (LENGTH_BYTES + LONGEST)];
        private final byte[] in = new byte[1 << 17];
        private int toSend;
        private int received;
        private int at;
        private int header;
        private int status;
        private int underWay;

        OverSocket(Path path) throws LinuxException {
            socket = UnixSocket.connect(path);
            epoll.add(socket.fd(), Epoll.IN, 0);
        }

        @Override
        boolean send(byte[] message) {
            if (underWay == DEPTH || out.length - toSend < LENGTH_BYTES + message.length) {
                return false;
            }
            LittleEndian.putInt(out, toSend, message.length);
            System.arraycopy(message, 0, out, toSend + LENGTH_BYTES, message.length);
            toSend += LENGTH_BYTES + message.length;
            // Others get no reply, and are bounded by what the socket takes.
            if (Header.isCommand(LittleEndian.getInt(message, 0))) {
                underWay++;
            }
            return true;
        }

        @Override
        void flush() throws LinuxException {
            int sent = 0;
            while (sent < toSend) {
                int count = socket.send(out, sent, toSend - sent);
                if (count == UnixSocket.WOULD_BLOCK) {
                    break;
                }
                sent += count;
            }
            System.arraycopy(out, sent, out, 0, toSend - sent);
            toSend -= sent;
        }

        @Override
        boolean take() throws LinuxException {
            if (isThere() || (receive() && isThere())) {
                int length = LittleEndian.getInt(in, at);
                header = LittleEndian.getInt(in, at + LENGTH_BYTES);
                status = length < 8 ? 0 : LittleEndian.getInt(in, at + 8);
                at += LENGTH_BYTES + length;
                if (Header.isCommand(header)) {
                    underWay--;
                }
                return true;
            }
            return false;
        }

        private boolean isThere() {
            return received - at >= 2 * LENGTH_BYTES && received - at >= LENGTH_BYTES + LittleEndian.getInt(in, at);
        }

        private boolean receive() throws LinuxException {
            System.arraycopy(in, at, in, 0, received - at);
            received -= at;
            at = 0;
            int count = socket.receive(in, received, in.length - received, null);
            if (count == UnixSocket.CLOSED) {
                throw new LinuxException("recv", Errno.ECONNRESET, "the service closed the connection");
            }
            received += Math.max(0, count);
            return count > 0;
        }

        @Override
        int header() {
            return header;
        }

        @Override
        int status() {
            return status;
        }

        @Override
        boolean await(long nanos) throws LinuxException {
            return epoll.awaitNanos(nanos) > 0;
        }

        @Override
        public void close() {
            epoll.close();
            socket.close();
        }
    }

    private static final class OverRings extends Peer {
        private final VhostUserDriver driver;
        private final Epoll epoll = Epoll.create(3);

        OverRings(Path path) throws LinuxException {
            driver = VhostUserDriver.over(UnixSocket.connect(path));
            epoll.add(driver.socket(), Epoll.IN, 0);
            while (!driver.step()) {
                if (epoll.await(PATIENCE_MILLIS) == 0) {
                    throw new LinuxException("epoll_wait", Errno.ETIMEDOUT, "the service does not set rings up");
                }
            }
            epoll.add(driver.commandCall(), Epoll.IN, 0);
            epoll.add(driver.eventCall(), Epoll.IN, 0);
        }

        @Override
        boolean send(byte[] message) throws LinuxException {
            return driver.send(message, message.length);
        }

        @Override
        void flush() {
            // Every message was shown to the service at once.
        }

        @Override
        boolean take() throws LinuxException {
            return driver.poll();
        }

        @Override
        int header() {
            return driver.length() < 4 ? 0 : LittleEndian.getInt(driver.message(), 0);
        }

        @Override
        int status() {
            return driver.length() < 8 ? 0 : LittleEndian.getInt(driver.message(), 4);
        }

        @Override
        boolean await(long nanos) throws LinuxException {
            if (driver.requestCalls()) {
                return true;
            }
            if (epoll.awaitNanos(nanos) == 0) {
                return false;
            }
            driver.drainCalls();
            return driver.step();
        }

        @Override
        public void close() {
            epoll.close();
            driver.close();
        }
    }
}
