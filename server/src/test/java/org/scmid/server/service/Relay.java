// Stands between a platform's socket and who asks it, for tests of what is lost.
package org.scmid.server.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntPredicate;

/** Hands on messages from a socket that it listens on to another, and back; or keeps them, or drops some. */
final class Relay implements AutoCloseable {
    private static final int LENGTH_BYTES = 4;

    private final ServerSocketChannel listener;
    private final Path platform;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile IntPredicate dropped = header -> false;

    /**
     * @param listens where it listens
     * @param platform where the platform does
     */
    Relay(Path listens, Path platform) {
        this.platform = platform;
        try {
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(listens));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** Keeps all that comes from now on. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    /** Hands on what was kept, and what comes. */
    void goOn() {
        gate.countDown();
    }

    /** Drops commands to the platform by their headers. */
    void drop(IntPredicate these) {
        dropped = these;
    }

    private void accept() {
        try {
            while (true) {
                connect(listener.accept());
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void connect(SocketChannel client) throws IOException {
        SocketChannel server = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.connect(UnixDomainSocketAddress.of(platform));
        } catch (IOException e) {
            client.close(); // there is no platform
            server.close();
            return;
        }
        Thread.ofVirtual().start(() -> carry(client, server, /* isToPlatform= */ true));
        Thread.ofVirtual().start(() -> carry(server, client, /* isToPlatform= */ false));
    }

    private void carry(SocketChannel from, SocketChannel to, boolean isToPlatform) {
        try (from;
                to) {
            ByteBuffer frame = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
            while (fill(from, frame.clear(), LENGTH_BYTES) && fill(from, frame, LENGTH_BYTES + frame.getInt(0))) {
                gate.await();
                if (!isToPlatform || !dropped.test(frame.getInt(LENGTH_BYTES))) {
                    to.write(frame.flip());
                }
            }
        } catch (IOException e) {
            // one end has closed: so does the other
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean fill(SocketChannel from, ByteBuffer frame, int until) throws IOException {
        frame.limit(until);
        while (frame.hasRemaining()) {
            if (from.read(frame) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            gate.countDown();
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
