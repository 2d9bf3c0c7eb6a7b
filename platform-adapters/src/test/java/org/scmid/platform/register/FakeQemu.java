// The other end of a qtest socket, which answers as a test wants.
package org.scmid.platform.register;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A qtest server on a thread of its own: one client at a time, and for each line what a function makes of it. */
final class FakeQemu implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Thread thread;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<Integer> clients = new CopyOnWriteArrayList<>();
    private volatile boolean keepsCommands = true;
    private volatile @Nullable SocketChannel current;
    private final Function<String, @Nullable String> answers;

    /**
     * Listens.
     *
     * @param answers what is sent for a command, piece by piece if it has {@code |}; nothing if null; {@code ""} closes
     *     the connection
     */
    FakeQemu(Path socket, Function<String, @Nullable String> answers) throws IOException {
        this.answers = answers;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        thread = Thread.ofPlatform().daemon().start(this::serve);
    }

    /** Every command so far. */
    List<String> commands() {
        return commands;
    }

    /** From now on commands are not kept. */
    void forgetCommands() {
        keepsCommands = false;
    }

    /** How many clients have come. */
    int clients() {
        return clients.size();
    }

    private void serve() {
        try {
            while (true) {
                try (SocketChannel client = server.accept()) {
                    clients.add(clients.size());
                    current = client;
                    serve(client);
                } catch (IOException e) {
                    if (!server.isOpen()) {
                        return;
                    }
                }
            }
        } catch (RuntimeException e) {
            commands.add("broken: " + e);
        }
    }

    private void serve(SocketChannel client) throws IOException {
        StringBuilder text = new StringBuilder();
        ByteBuffer bytes = ByteBuffer.allocate(256);
        while (client.read(bytes.clear()) > 0) {
            text.append(StandardCharsets.US_ASCII.decode(bytes.flip()));
            for (int end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
                String command = text.substring(0, end);
                text.delete(0, end + 1);
                if (keepsCommands) {
                    commands.add(command);
                }
                String answer = answers.apply(command);
                if (answer != null && answer.isEmpty()) {
                    return;
                }
                for (String piece : answer == null ? new String[0] : answer.split("\\|")) {
                    client.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.US_ASCII)));
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        SocketChannel client = current;
        if (client != null) {
            client.close();
        }
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
