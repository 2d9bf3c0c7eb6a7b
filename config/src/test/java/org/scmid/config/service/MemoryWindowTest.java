// The window of a guest's memory in a service file: what may be written, and what is said of the rest.
package org.scmid.config.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.config.Marked;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Problem;

class MemoryWindowTest {
    private static final String AGENT = "board: demo\nagents: { vm: { transport: vhost-user, %s } }\n";

    private static @Nullable MemoryWindow windowOf(String key) throws ConfigException {
        Service service = new Marked(AGENT.formatted(key)).service();
        AgentSpec agent = Objects.requireNonNull(service.agents().get("vm"));
        return assertInstanceOf(TransportSpec.VhostUser.class, agent.transport())
                .window();
    }

    @Test
    void aWindowIsASizeOrASizeAtAnAddress() throws ConfigException {
        assertEquals(new MemoryWindow(4 << 20, null), windowOf("window: 4 MiB"));
        assertEquals(new MemoryWindow(4096, null), windowOf("window: { size: 4096 }"));
        assertEquals(
                new MemoryWindow(536 << 10, 0x5000_0000L),
                windowOf("window: { size: 536 KiB, guest-address: 0x50000000 }"));
        assertEquals(
                new MemoryWindow(4096, 0x7fff_ffff_ffff_e000L),
                windowOf("window: { size: 4 KiB, guest-address: 0x7fffffffffffe000 }"));
        assertNull(windowOf("clocks: all"));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("window: §0", "`window` of agent `vm`", "0 bytes", "multiple of 4 KiB"),
                mistake("window: §4095", "4095 bytes", "multiple of 4 KiB"),
                mistake("window: §4 MX", "`4 MX`", "unknown unit", "`MiB`"),
                mistake("window: §[4 MiB]", "`window` of agent `vm`", "single value"),
                mistake("§window: { guest-address: 0 }", "lacks the key `size`"),
                mistake("window: { size: 4 MiB, §at: 0 }", "unknown key `at`", "`guest-address`"),
                mistake("window: { size: §100 }", "`size` of 100 bytes", "multiple of 4 KiB"),
                mistake("window: { size: 4 MiB, guest-address: §0x50000800 }", "0x50000800", "0x1000"),
                mistake("window: { size: 4 KiB, guest-address: §0x7ffffffffffff000 }", "beyond 0x7fffffffffffffff"),
                mistake("window: { size: 4 KiB, guest-address: §0xfffffffffffff000 }", "beyond 0x7fffffffffffffff"));
    }

    private static Arguments mistake(String key, String... words) {
        return Arguments.of(key, List.of(words));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aWrongWindowIsReportedAtItsPlace(String key, List<String> words) {
        assertReported(new Marked(AGENT.formatted(key)), words);
    }

    @Test
    void onlyAVhostUserAgentHasAWindow() {
        assertReported(
                new Marked("board: demo\nagents: { t: { transport: socket, §window: 4 MiB } }\n"),
                List.of("`window`", "`transport: vhost-user`"));
    }

    private static void assertReported(Marked marked, List<String> words) {
        List<Problem> problems =
                assertThrows(ConfigException.class, marked::service).problems();
        assertEquals(marked.places, problems.stream().map(Problem::place).toList(), () -> "the places of " + problems);
        String message = problems.getFirst().message();
        for (String word : words) {
            assertTrue(message.contains(word), () -> word + " is in: " + message);
        }
    }
}
