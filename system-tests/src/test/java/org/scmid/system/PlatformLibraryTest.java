// The platform library in C: its own tests, and scmid's tables of messages and client against it.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.protocol.Field;
import org.scmid.protocol.Header;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.reset.ResetMessage;
import org.scmid.protocol.sensor.SensorMessage;
import org.scmid.protocol.voltage.VoltageMessage;
import org.scmid.system.PlatformServer.Way;

/** What its messages must answer is what {@code TableRulesTest} asks of scmid itself. */
final class PlatformLibraryTest {
    private static final List<List<String>> PROGRAMS = List.of(
            List.of("platform-test"),
            List.of("clock-tree-test"),
            List.of("window-test"),
            List.of("serial-test"),
            List.of("serial-agent-test"),
            List.of("fuzz-sanitized", "300000"));

    private static final List<MessageTable<?>> TABLES = List.of(
            BaseMessage.TABLE,
            PowerMessage.TABLE,
            ClockMessage.TABLE,
            SensorMessage.TABLE,
            ResetMessage.TABLE,
            VoltageMessage.TABLE);
    private static final int VERSION = 0x0;
    private static final int MESSAGE_ATTRIBUTES = 0x2;
    private static final int IDS = 0x100;
    private static final int NO_RESOURCE = 0x1000;
    private static final int EXCESS = 68;
    private static final int CLOCK_UART = 1;
    private static final int CLOCK_PLL = 4;
    private static final int RESOURCES = 3; // each table has as many or more

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> theLibraryHoldsAgainstDriversAndLinesThatDoWhatNoRightOneDoes() {
        return PROGRAMS.stream().flatMap(PlatformLibraryTest::testsOf);
    }

    private static Stream<DynamicTest> testsOf(List<String> program) {
        List<String> command = new ArrayList<>(program);
        command.set(0, Programs.platform().resolve(program.getFirst()).toString());
        try (Console console = Console.start(program.getFirst(), command)) {
            int status = console.awaitEnd();
            Deadline.await("its output was read", console::isRead);
            String text = console.text();
            List<DynamicTest> tests = text.lines()
                    .filter(line -> line.matches("(ok|FAILED) .*"))
                    .map(line -> dynamicTest(
                            program.getFirst() + ": " + line.replaceFirst("^\\S+\\s+", ""),
                            () -> assertTrue(line.startsWith("ok "), text)))
                    .toList();
            DynamicTest all = dynamicTest(program.getFirst() + " ends well", () -> {
                assertEquals(0, status, text);
                assertTrue(!tests.isEmpty(), text);
            });
            return Stream.concat(tests.stream(), Stream.of(all));
        }
    }

    @Test
    void theExampleIsThatOfTheReadmeAndRuns() throws IOException {
        String source = Files.readString(Programs.of("guests/platform/hosted/example.c"));
        String begin = "/* README begins */\n";
        String example = source.substring(source.indexOf(begin) + begin.length(), source.indexOf("/* README ends */"));
        assertTrue(Files.readString(Programs.of("guests/platform/README.md")).contains("```c\n" + example + "```"));
        try (Console console = Console.start(
                "example", List.of(Programs.platform().resolve("example").toString()))) {
            assertEquals(0, console.awaitEnd());
        }
    }

    // ---- What the tables say.

    private void withServer(Way way, BiConsumer<PlatformServer, MessageTable<?>> test) throws Exception {
        try (PlatformServer server = new PlatformServer(way, folder)) {
            for (MessageTable<?> table : TABLES) {
                test.accept(server, table);
            }
            assertEquals(0, server.agent().oddities());
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theVersionIsTheNewestAndWhatItDemandsIsThere(Way way) throws Exception {
        withServer(way, (server, table) -> {
            assertEquals(table.protocol().newestVersion(), words(server.agent().call(request(table, VERSION)))[1]);
            for (int id = 0; id < IDS; id++) {
                Message known = table.command(id);
                String what = table.protocol() + " message " + id;
                int described = status(server.agent().call(request(table, MESSAGE_ATTRIBUTES, id)));
                if (known != null && known.isMandatory()) {
                    assertEquals(Scmi.SUCCESS, described, what);
                } else if (known == null || described != Scmi.SUCCESS) {
                    assertEquals(Scmi.NOT_FOUND, described, what);
                    assertEquals(Scmi.NOT_FOUND, status(server.agent().call(request(table, id, 0, 0))), what);
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aPayloadOfAnyIllegalLengthIsAProtocolError(Way way) throws Exception {
        withServer(way, (server, table) -> {
            int version = table.protocol().newestVersion();
            for (Message command : commands(server, table)) {
                for (int length = 0; length <= command.fromAgent().maximumLength(version) + EXCESS; length++) {
                    if (!command.acceptsRequest(length, version)) {
                        byte[] request = ByteBuffer.allocate(Header.REQUEST_PAYLOAD + length)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(0, Header.encode(command, 0))
                                .array();
                        assertEquals(
                                Scmi.PROTOCOL_ERROR,
                                status(server.agent().call(request)),
                                command.name() + " " + length);
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aReservedBitIsInvalidAndAnUnknownResourceIsNotFound(Way way) throws Exception {
        withServer(way, (server, table) -> {
            int version = table.protocol().newestVersion();
            for (Message command : commands(server, table)) {
                Layout layout = command.fromAgent();
                boolean isAboutOne = layout.resourceOffset() != Layout.NO_RESOURCE;
                if (isAboutOne) {
                    byte[] unknown = shortest(command, version, NO_RESOURCE);
                    assertEquals(Scmi.NOT_FOUND, status(server.agent().call(unknown)), command.name());
                }
                for (int id = 0; id < (isAboutOne ? RESOURCES : 1); id++) {
                    int offset = Header.REQUEST_PAYLOAD;
                    for (Field field : layout.fields()) {
                        for (int bit = 0; bit < Integer.SIZE; bit++) {
                            if ((field.reserved().in(version) & 1 << bit) != 0) {
                                byte[] request = shortest(command, version, id);
                                ByteBuffer.wrap(request)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .putInt(offset, 1 << bit);
                                int status = status(server.agent().call(request));
                                String what = command.name() + " of " + id + ", bit " + bit + " at " + offset;
                                assertEquals(Scmi.INVALID_PARAMETERS, status, what);
                            }
                        }
                        offset += field.kind().bytes();
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void repliesHaveTheBytesThatTheTablesSay(Way way) throws Exception {
        withServer(way, (server, table) -> {
            int version = table.protocol().newestVersion();
            for (Message command : commands(server, table)) {
                boolean isAboutOne = command.fromAgent().resourceOffset() != Layout.NO_RESOURCE;
                for (int id = 0; id < (isAboutOne ? RESOURCES : 1); id++) {
                    byte[] reply = server.agent().call(shortest(command, version, id));
                    int values = reply.length - Header.RESPONSE_PAYLOAD;
                    int expected = command.fromPlatform().length(version);
                    String what = command.name() + " of " + id + ": " + values + " bytes of values";
                    if (status(reply) != Scmi.SUCCESS) {
                        assertEquals(0, values, what);
                    } else if (command.fromPlatform().isVariable()) {
                        assertTrue(values >= expected && values % 4 == 0, what);
                    } else {
                        assertEquals(expected, values, what);
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aProtocolThatIsNotThereIsNotSupported(Way way) throws Exception {
        try (PlatformServer server = new PlatformServer(way, folder)) {
            for (int id = 0; id < IDS; id++) {
                int protocol = id;
                if (TABLES.stream().noneMatch(table -> table.protocol().id() == protocol)) {
                    byte[] reply = server.agent().call(bytes(Scmi.header(protocol, VERSION, 0)));
                    assertEquals(Scmi.NOT_SUPPORTED, status(reply), "protocol " + protocol);
                    assertEquals(Header.RESPONSE_PAYLOAD, reply.length);
                }
            }
        }
    }

    // ---- What the client is for.

    @ParameterizedTest
    @EnumSource(Way.class)
    void anAsynchronousRateIsAnsweredAndEndsByItsDelayedResponse(Way way) throws Exception {
        try (PlatformServer server = new PlatformServer(way, folder)) {
            for (int i = 1; i <= 20; i++) {
                int rate = i * 1_000_000;
                int header = Scmi.clock(Scmi.RATE_SET);
                assertEquals(
                        Scmi.SUCCESS,
                        status(server.agent().callAsynchronously(bytes(header, 1, CLOCK_PLL, rate + 1, 0))));
                int[] delayed = words(server.agent().awaitDelayed());
                assertEquals(List.of(Scmi.SUCCESS, CLOCK_PLL, rate, 0), asList(delayed));
            }
            assertEquals(0, server.agent().oddities());
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aSlowPlatformAnswersLateAndTellsOfChanges(Way way) throws Exception {
        try (PlatformServer server = new PlatformServer(way, folder)) {
            int subscribe = Scmi.clock(Scmi.RATE_NOTIFY);
            assertEquals(Scmi.SUCCESS, status(server.agent().call(bytes(subscribe, CLOCK_UART, 1))));
            server.tell("slow");
            for (int i = 1; i <= 20; i++) {
                int rate = i * 1_000_000;
                server.tell("rate " + CLOCK_UART + " " + rate);
                int[] read = words(server.agent().call(bytes(Scmi.clock(Scmi.RATE_GET), CLOCK_UART)));
                assertEquals(List.of(Scmi.SUCCESS, rate, 0), asList(read));
                int[] notification = words(server.agent().awaitNotification());
                assertEquals(List.of(0, CLOCK_UART, rate, 0), asList(notification));
            }
            assertEquals(0, server.agent().oddities());
        }
    }

    // ---- Messages.

    /** The commands that the platform says it has. */
    private static List<Message> commands(PlatformServer server, MessageTable<?> table) {
        List<Message> commands = new ArrayList<>();
        for (Message message : table.messages()) {
            if (message.type() == MessageType.COMMAND
                    && message.isIn(table.protocol().newestVersion())
                    && status(server.agent().call(request(table, MESSAGE_ATTRIBUTES, message.id()))) == Scmi.SUCCESS) {
                commands.add(message);
            }
        }
        assertTrue(commands.size() > 5, table.protocol() + ": " + commands);
        return commands;
    }

    private static byte[] shortest(Message command, int version, int resource) {
        Layout layout = command.fromAgent();
        ByteBuffer request = ByteBuffer.allocate(Header.REQUEST_PAYLOAD + layout.minimumLength(version))
                .order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(0, Header.encode(command, 0));
        if (layout.resourceOffset() != Layout.NO_RESOURCE) {
            request.putInt(Header.REQUEST_PAYLOAD + layout.resourceOffset(), resource);
        }
        return request.array();
    }

    private static byte[] request(MessageTable<?> table, int message, int... payload) {
        int[] words = new int[1 + payload.length];
        words[0] = Scmi.header(table.protocol().id(), message, 0);
        System.arraycopy(payload, 0, words, 1, payload.length);
        return bytes(words);
    }

    private static byte[] bytes(int... words) {
        ByteBuffer message = ByteBuffer.allocate(Integer.BYTES * words.length).order(ByteOrder.LITTLE_ENDIAN);
        message.asIntBuffer().put(words);
        return message.array();
    }

    /** All behind the header. */
    private static int[] words(byte[] message) {
        ByteBuffer buffer = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        int[] words = new int[message.length / Integer.BYTES - 1];
        buffer.position(Header.HEADER_BYTES)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(words);
        return words;
    }

    private static List<Integer> asList(int[] words) {
        return Arrays.stream(words).boxed().toList();
    }

    private static int status(byte[] reply) {
        return words(reply)[0];
    }
}
