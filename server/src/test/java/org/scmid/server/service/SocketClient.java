// A client of the socket transport, in words.
package org.scmid.server.service;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A client of the socket transport: messages as words of 32 bits. */
final class SocketClient implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final SocketChannel channel;

    /** Connects as soon as somebody listens. */
    SocketClient(Path socket) throws IOException {
        channel = connected(socket);
    }

    private static SocketChannel connected(Path socket) throws IOException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return channel;
            } catch (IOException e) {
                channel.close();
                if (System.nanoTime() > until) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    /** The connection itself, for whoever does not keep to the framing. */
    SocketChannel channel() {
        return channel;
    }

    void send(int... words) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(4 + 4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(4 * words.length);
        for (int word : words) {
            frame.putInt(word);
        }
        channel.write(frame.flip());
    }

    /** The next message, whatever it is. */
    int[] receive() throws IOException {
        int length = read(4).getInt();
        ByteBuffer message = read(length);
        int[] words = new int[length / 4];
        message.asIntBuffer().get(words);
        return words;
    }

    /** Sends a command and takes its reply; what comes before that is dropped. */
    int[] ask(int... words) throws IOException {
        send(words);
        int[] message = receive();
        while (message[0] != words[0]) {
            message = receive();
        }
        return message;
    }

    private ByteBuffer read(int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("closed");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
