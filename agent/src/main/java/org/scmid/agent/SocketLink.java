// A platform on a Unix stream socket: length-prefixed messages, as the socket transport serves them.
package org.scmid.agent;

import java.nio.file.Path;
import org.scmid.linux.Epoll;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixSocket;
import org.scmid.loop.EventLoop;
import org.scmid.transport.virtqueue.LittleEndian;

/**
 * The client's end of the socket transport: both ways {@code u32 length, message}, little-endian, the length from 4 to
 * 4096. A length out of range ends the link. What the platform does not read stays in a buffer of a few messages; then
 * there is no room.
 */
public final class SocketLink implements PlatformLink, EventLoop.Poller {
    private static final int LENGTH_BYTES = 4;
    private static final int MIN_MESSAGE = 4;
    private static final int LONGEST_FRAME = LENGTH_BYTES + MAX_MESSAGE;
    private static final int SHARE_MESSAGES = 64;
    private static final int READING = Epoll.IN | Epoll.RDHUP;

    private final EventLoop loop;
    private final UnixSocket socket;
    private final Listener listener;
    private final EventLoop.Registration watch;
    private final EventLoop.Polling polling;
    private final byte[] input = new byte[2 * LONGEST_FRAME];
    private final byte[] output = new byte[4 * LONGEST_FRAME];
    private final byte[] message = new byte[MAX_MESSAGE];
    private int received;
    private int toSend;
    private boolean refused;
    private boolean waitsForRoom;
    private boolean broken;
    private boolean readable;
    private boolean writable;
    private boolean hasMore;
    private boolean closed;

    private SocketLink(EventLoop loop, UnixSocket socket, Listener listener) throws LinuxException {
        this.loop = loop;
        this.socket = socket;
        this.listener = listener;
        this.watch = loop.watch(socket.fd(), READING, this::ready);
        this.polling = loop.poll(this);
    }

    /** Connects to a socket. */
    public static SocketLink connect(EventLoop loop, Path path, Listener listener) throws LinuxException {
        return over(loop, UnixSocket.connect(path), listener);
    }

    /** @param socket connected; the link's from now on, also if this throws */
    public static SocketLink over(EventLoop loop, UnixSocket socket, Listener listener) throws LinuxException {
        try {
            return new SocketLink(loop, socket, listener);
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public boolean send(byte[] from, int length) {
        if (closed || broken || output.length - toSend < LENGTH_BYTES + length) {
            refused = true;
            return false;
        }
        LittleEndian.putInt(output, toSend, length);
        System.arraycopy(from, 0, output, toSend + LENGTH_BYTES, length);
        toSend += LENGTH_BYTES + length;
        try {
            flush();
        } catch (LinuxException e) {
            broken = true; // told later: whoever sends is not called back from in here
            polling.ready();
        }
        return true;
    }

    private void flush() throws LinuxException {
        int sent = 0;
        while (sent < toSend) {
            int count = socket.send(output, sent, toSend - sent);
            if (count == UnixSocket.WOULD_BLOCK) {
                break;
            }
            sent += count;
        }
        System.arraycopy(output, sent, output, 0, toSend - sent);
        toSend -= sent;
        if (waitsForRoom != toSend > 0) {
            waitsForRoom = toSend > 0;
            watch.change(waitsForRoom ? READING | Epoll.OUT : READING);
        }
    }

    private void ready(int epollEvents) {
        writable |= (epollEvents & Epoll.OUT) != 0;
        readable |= (epollEvents & ~Epoll.OUT) != 0;
        polling.ready();
    }

    @Override
    public boolean poll() {
        if (closed) {
            return false;
        }
        try {
            return work();
        } catch (LinuxException e) {
            lose(String.valueOf(e.getMessage()));
            return true;
        }
    }

    /** Epoll makes it ready, and whoever could not send. */
    @Override
    public boolean prepareToWait() {
        return hasMore;
    }

    private boolean work() throws LinuxException {
        boolean worked = readable || writable || hasMore || broken;
        boolean isRoom = writable;
        boolean isReadable = readable;
        writable = false;
        readable = false; // epoll says so again if there is more
        if (broken) {
            lose("it closed the connection");
            return true;
        }
        if (isRoom) {
            flush();
            tellRoom();
        }
        if (!closed && hasMore) {
            deliver();
        } else if (!closed && isReadable) {
            receive();
        }
        return worked;
    }

    private void tellRoom() {
        if (refused && !closed && toSend == 0) {
            refused = false;
            listener.writable();
        }
    }

    private void receive() throws LinuxException {
        if (received < input.length) {
            int count = socket.receive(input, received, input.length - received, null);
            if (count == UnixSocket.CLOSED) {
                lose(received == 0 ? "it closed the connection" : "it closed the connection amid a message");
                return;
            }
            received += Math.max(0, count);
        }
        deliver();
    }

    /** Hands over those messages that are complete, as far as there is time. */
    private void deliver() {
        int at = 0;
        int messages = 0;
        hasMore = false;
        while (!closed && received - at >= LENGTH_BYTES) {
            int length = LittleEndian.getInt(input, at);
            if (length < MIN_MESSAGE || length > MAX_MESSAGE) {
                lose("it sent a length of " + Integer.toUnsignedString(length));
                return;
            }
            if (received - at < LENGTH_BYTES + length) {
                break;
            }
            if (messages == SHARE_MESSAGES || (messages > 0 && !loop.hasTime())) {
                hasMore = true;
                polling.ready();
                break;
            }
            messages++;
            System.arraycopy(input, at + LENGTH_BYTES, message, 0, length);
            at += LENGTH_BYTES + length;
            listener.received(message, length);
        }
        System.arraycopy(input, at, input, 0, received - at);
        received -= at;
    }

    private void lose(String why) {
        if (!closed) {
            close();
            listener.lost(why);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            watch.cancel();
            polling.cancel();
            socket.close();
        }
    }
}
