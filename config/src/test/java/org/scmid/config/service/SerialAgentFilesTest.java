// Agents on a serial line in a service file: what may be written, and what is said of the rest.
package org.scmid.config.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.config.Marked;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Problem;
import org.scmid.config.serial.SerialSpec;

class SerialAgentFilesTest {
    private static final Path PORT = Path.of("/dev/ttyUSB0");

    private static TransportSpec transport(String keys) throws ConfigException {
        Service service = new Marked("board: demo\nagents: { a: { " + keys + " } }\n").service();
        return Objects.requireNonNull(service.agents().get("a")).transport();
    }

    @Test
    void everyKeyIsReadAsWritten() throws ConfigException {
        assertEquals(
                new TransportSpec.Serial(
                        new SerialSpec(
                                PORT,
                                921_600,
                                SerialSpec.FlowControl.RTS_CTS,
                                20,
                                21,
                                0xFFFF_FFFFL,
                                Duration.ofSeconds(5)),
                        Duration.ofSeconds(30)),
                transport("transport: serial, port: /dev/ttyUSB0, baud: 921600, flow-control: rts-cts, eid: 20,"
                        + " peer-eid: 21, enterprise: 0xffffffff, reconnect: 5 s, grace: 30 s"));
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws ConfigException {
        assertEquals(
                new TransportSpec.Serial(
                        new SerialSpec(PORT, 115_200, SerialSpec.FlowControl.NONE, 9, 8, 32_473, Duration.ofSeconds(1)),
                        Duration.ofSeconds(10)),
                transport("transport: serial, port: /dev/ttyUSB0"));
        assertEquals(
                Path.of("/services/mcu"),
                ((TransportSpec.Serial) transport("transport: serial, port: mcu"))
                        .line()
                        .port());
    }

    @ParameterizedTest
    @MethodSource
    void theBoundsThemselvesAreAllowed(String keys) throws ConfigException {
        transport("transport: serial, port: /dev/ttyUSB0, " + keys);
    }

    static Stream<String> theBoundsThemselvesAreAllowed() {
        return Stream.of(
                "baud: 1200",
                "baud: 12000000",
                "eid: 10, peer-eid: 9",
                "eid: 254",
                "peer-eid: 254",
                "enterprise: 0",
                "reconnect: 100 ms",
                "reconnect: 3600 s");
    }

    @ParameterizedTest
    @MethodSource
    void whatIsWrongIsSaidWhereItIs(String keys, List<String> words) {
        Marked file = new Marked("board: demo\nagents: { a: { " + keys + " } }\n");
        ConfigException refused = assertThrows(ConfigException.class, file::service);
        Problem problem = refused.problems().getFirst();
        assertEquals(1, refused.problems().size(), refused::getMessage);
        words.forEach(word -> assertTrue(problem.toString().contains(word), problem + " lacks " + word));
    }

    static Stream<Arguments> whatIsWrongIsSaidWhereItIs() {
        String serial = "transport: serial, port: /dev/ttyUSB0, ";
        return Stream.of(
                Arguments.of("transport: serial", List.of("`port`", "/dev/ttyUSB0")),
                Arguments.of("transport: socket, baud: 9600", List.of("`baud`", "`transport: serial`")),
                Arguments.of("transport: socket, eid: 8", List.of("`eid`", "`transport: serial`")),
                Arguments.of(serial + "baud: 300", List.of("`baud`", "300", "1200 to 12000000")),
                Arguments.of(serial + "baud: 12000001", List.of("`baud`", "12000001")),
                Arguments.of(serial + "flow-control: xon", List.of("`xon`", "`none`", "`rts-cts`")),
                Arguments.of(serial + "eid: 7", List.of("`eid`", "7", "8 to 254")),
                Arguments.of(serial + "peer-eid: 255", List.of("`peer-eid`", "255")),
                Arguments.of(serial + "eid: 8", List.of("`eid`", "endpoint 8")),
                Arguments.of(serial + "eid: 30, peer-eid: 30", List.of("`peer-eid`", "endpoint 30")),
                Arguments.of(serial + "reconnect: 99 ms", List.of("`reconnect`", "100 ms to 1 h")),
                Arguments.of(serial + "reconnect: 3601 s", List.of("`reconnect`", "100 ms to 1 h")),
                Arguments.of(serial + "socket-mode: \"0600\"", List.of("`socket-mode`", "no socket")),
                Arguments.of(serial + "entries: 4", List.of("`entries`", "fat-virtqueue")));
    }

    @Test
    void twoAgentsCannotHaveOnePort() {
        Marked file = new Marked("""
                board: demo
                agents:
                  one: { transport: serial, port: /dev/ttyUSB0, clocks: [] }
                  two: { transport: serial, port: /dev/./ttyUSB0, clocks: [] }
                """);
        ConfigException refused = assertThrows(ConfigException.class, file::service);
        assertTrue(String.valueOf(refused.getMessage()).contains("already that of agent `one`"), refused::getMessage);
    }
}
