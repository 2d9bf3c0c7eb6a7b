// The files in examples/ are right, and what their first lines say to type does what they say.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.config.ConfigFiles;
import org.scmid.protocol.Status;
import org.scmid.server.management.ManagementServer;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceOptions;

@Timeout(120)
class ExampleFilesTest {
    private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();

    /** The windows of an example are files of this name, and more; in the test they have another. */
    private static final String WINDOWS = "/dev/shm/scmid-";

    /** What a header says to type, but for what is for other machines, for looking around, or for cleaning up. */
    private static final Pattern COMMAND = Pattern.compile("(?m)^#   (?!sudo |grep |rm )(\\S.*?)(?:  +# (.*))?$");

    /** A rate or a temperature, at the end of what a header says of an answer. */
    private static final Pattern QUANTITY = Pattern.compile(": ([0-9]+) (MHz|°C)$");

    private final String windows = WINDOWS + "test-" + ProcessHandle.current().pid() + "-";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** A command, and what the header says of it. */
    private record Line(String command, String remark) {
        String[] words() {
            return command.split(" +", -1);
        }

        boolean needsService() {
            return command.startsWith("python3 ") || command.contains(" ctl ") || command.contains(" --live");
        }
    }

    static List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(EXAMPLES)) {
            return all.filter(file -> file.toString().endsWith(".yaml"))
                    .map(file -> EXAMPLES.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    static List<String> services() throws IOException {
        return files().stream().filter(file -> file.endsWith("/service.yaml")).toList();
    }

    private static List<Line> commandsOf(String file) throws IOException {
        String text = Files.readString(EXAMPLES.resolve(file));
        var lines = new ArrayList<Line>();
        Matcher commands = COMMAND.matcher(text.substring(0, text.indexOf("\n\n")));
        while (commands.find()) {
            lines.add(new Line(commands.group(1), commands.group(2) == null ? "" : commands.group(2)));
        }
        return lines;
    }

    @BeforeEach
    void copy() throws IOException {
        for (String file : files()) {
            Path copy = folder.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, Files.readString(EXAMPLES.resolve(file)).replace(WINDOWS, windows));
        }
    }

    @AfterEach
    void removeWindows() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            for (Path file :
                    files.filter(file -> file.toString().startsWith(windows)).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The words of a command, with the paths of the copies. */
    private Object[] arguments(Line line, List<String> more) {
        var arguments = new ArrayList<Object>();
        String[] words = line.words();
        for (int i = 1; i < words.length && !words[i].equals(">"); i++) {
            arguments.add(words[i].startsWith("examples/") ? folder + words[i].substring(8) : words[i]);
        }
        arguments.addAll(more);
        return arguments.toArray();
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileSaysHowToTryItAndThatWorks(String file) throws IOException {
        List<Line> lines = commandsOf(file);
        assertEquals("./scmid check examples/" + file, lines.getFirst().command());
        for (Line line : lines) {
            if (line.needsService()) {
                continue;
            }
            assertEquals("./scmid", line.words()[0], "a command that this test does not know");
            if (!line.words()[1].equals("run")) {
                assertTrue(!Invocation.of(arguments(line, List.of())).ok().isEmpty(), line.command());
                continue;
            }
            List<String> more = new ArrayList<>(List.of(
                    "--stop-when-ready", "--runtime-dir", folder.resolve("run").toString()));
            if (!line.command().contains("--simulate")) {
                more.add("--simulate");
            }
            String output = Invocation.of(arguments(line, more)).ok();
            assertTrue(output.endsWith("scmid is serving; Ctrl-C ends it\n"), output);
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void aRunningServiceAnswersAsItsFileSays(String file) throws Exception {
        List<Line> lines = commandsOf(file).stream().filter(Line::needsService).toList();
        assertTrue(lines.stream().anyMatch(line -> line.command().startsWith("python3 ")), "an agent is asked");
        try (ScmiService service = ScmiService.start(
                        ConfigFiles.service(folder.resolve(file), folder.resolve("run")), ServiceOptions.simulated());
                ManagementServer management = ManagementServer.start("127.0.0.1", 0, service);
                var clients = new Clients()) {
            String address = "127.0.0.1:" + management.port();
            for (Line line : lines) {
                if (line.command().startsWith("python3 ")) {
                    clients.ask(line);
                } else if (line.command().endsWith(" --live")) {
                    Invocation.of(arguments(line, List.of(address))).ok();
                } else {
                    String command = line.command().replaceFirst(" --at .*", "") + " --at " + address;
                    assertTrue(
                            !Invocation.of(arguments(new Line(command, ""), List.of()))
                                    .ok()
                                    .isEmpty(),
                            command);
                }
            }
        }
    }

    /** Agents that are asked as ask.py does it, but stay connected, one at each socket. */
    private final class Clients implements AutoCloseable {
        private final Map<String, SocketChannel> channels = new HashMap<>();

        /** python3 examples/ask.py SOCKET PROTOCOL MESSAGE [WORD ...] */
        void ask(Line line) throws IOException {
            Object[] words = arguments(line, List.of());
            assertEquals(folder + "/ask.py", words[0]);
            ByteBuffer message = ByteBuffer.allocate(4 * (words.length - 2)).order(ByteOrder.LITTLE_ENDIAN);
            message.putInt(message.capacity() - 4).putInt(number(words[2]) << 10 | number(words[3]));
            for (int i = 4; i < words.length; i++) {
                message.putInt(number(words[i]));
            }
            SocketChannel channel = channel(words[1].toString());
            channel.write(message.flip());
            int length = read(channel, 4).getInt();
            ByteBuffer reply = read(channel, length);
            boolean isRefused = line.remark().endsWith(": DENIED");
            assertEquals(isRefused ? Status.DENIED.code() : 0, reply.getInt(4), line.command());
            Matcher quantity = QUANTITY.matcher(line.remark());
            if (quantity.find()) {
                int scale = quantity.group(2).equals("MHz") ? 1_000_000 : 1000;
                assertEquals(Long.parseLong(quantity.group(1)) * scale, reply.getLong(8), line.command());
            }
        }

        private static int number(Object word) {
            return Integer.decode(word.toString());
        }

        private SocketChannel channel(String socket) throws IOException {
            SocketChannel known = channels.get(socket);
            if (known == null) {
                known = SocketChannel.open(StandardProtocolFamily.UNIX);
                known.connect(UnixDomainSocketAddress.of(socket));
                channels.put(socket, known);
            }
            return known;
        }

        private static ByteBuffer read(SocketChannel channel, int bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
            while (buffer.hasRemaining()) {
                assertTrue(channel.read(buffer) >= 0, "the service closed the connection");
            }
            return buffer.flip();
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel channel : channels.values()) {
                channel.close();
            }
        }
    }

    @Test
    void theListNamesEveryFile() throws IOException {
        String list = Files.readString(EXAMPLES.resolve("README.md"));
        for (String file : files()) {
            assertTrue(list.contains("(" + file + ")"), () -> file + " is not in examples/README.md");
        }
    }

    @Test
    void theClientIsTheOneThatThePageOfSocketsExplains() throws IOException {
        String page = Files.readString(EXAMPLES.resolve("../docs/socket.md"));
        int from = page.indexOf("```python\n") + "```python\n".length();
        assertEquals(page.substring(from, page.indexOf("```", from)), Files.readString(EXAMPLES.resolve("ask.py")));
    }
}
