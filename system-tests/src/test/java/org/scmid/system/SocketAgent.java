// An agent that speaks SCMI over the service's Unix socket.
package org.scmid.system;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;

/** Messages as words; on the wire each is preceded by its length in bytes, 32 bits, little-endian. */
final class SocketAgent implements AutoCloseable {
    private final SocketChannel channel;

    private SocketAgent(SocketChannel channel) {
        this.channel = channel;
    }

    static SocketAgent connect(Path socket) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new SocketAgent(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a command; the words behind the header of its reply: the status and the values. */
    int[] call(int header, int... payload) {
        ByteBuffer message = ByteBuffer.allocate(4 * (2 + payload.length)).order(ByteOrder.LITTLE_ENDIAN);
        message.putInt(4 + 4 * payload.length).putInt(header);
        for (int word : payload) {
            message.putInt(word);
        }
        try {
            message.flip();
            while (message.hasRemaining()) {
                channel.write(message);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int[] reply = next();
        return Arrays.copyOfRange(reply, 1, reply.length);
    }

    /** The words of the next message that comes, its header first. */
    int[] next() {
        try {
            int length = receive(4).getInt();
            ByteBuffer message = receive(length);
            int[] words = new int[message.remaining() / 4];
            message.asIntBuffer().get(words);
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ByteBuffer receive(int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("scmid has closed the connection");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
