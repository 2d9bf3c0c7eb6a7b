// QEMU's machine protocol: JSON lines on a Unix socket.
package org.scmid.system;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A connection to one QEMU: pause it, resume it, reset it. */
final class Qmp implements AutoCloseable {
    private final SocketChannel channel;
    private final BufferedReader lines;

    private Qmp(SocketChannel channel) {
        this.channel = channel;
        lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    static Qmp connect(Path socket) {
        SocketChannel[] connected = new SocketChannel[1];
        Deadline.await("QEMU listens on " + socket, () -> (connected[0] = connectIfListening(socket)) != null);
        try {
            var qmp = new Qmp(connected[0]);
            qmp.lines.readLine(); // the greeting
            qmp.execute("qmp_capabilities");
            return qmp;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection; null while the socket is not there, or is there and not listened on yet. */
    private static @Nullable SocketChannel connectIfListening(Path socket) {
        try {
            if (!Files.exists(socket)) {
                return null;
            }
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return channel;
            } catch (ConnectException e) {
                channel.close();
                return null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command without arguments and returns what it returned. */
    Object execute(String command) {
        return execute(new JsonObject().put("execute", command));
    }

    Object execute(JsonObject command) {
        try {
            channel.write(ByteBuffer.wrap((command.encode() + "\n").getBytes(StandardCharsets.UTF_8)));
            while (true) {
                String line = lines.readLine();
                if (line == null) {
                    throw new AssertionError("QEMU ended while it carried out " + command);
                }
                var answer = new JsonObject(line);
                if (answer.containsKey("error")) {
                    throw new AssertionError(command + " failed: " + line);
                }
                if (answer.containsKey("return")) {
                    return answer.getValue("return");
                }
                // anything else is an event
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a line of QEMU's monitor for people, and returns what it printed. */
    String monitor(String line) {
        return execute(new JsonObject()
                        .put("execute", "human-monitor-command")
                        .put("arguments", new JsonObject().put("command-line", line)))
                .toString();
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
