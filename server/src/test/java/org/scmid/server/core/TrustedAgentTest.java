// What trusted agents may take away from others, and how errors that nobody saw are told.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.document.Place;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.DeviceSpec;
import org.scmid.config.service.Grant;
import org.scmid.linux.PeerIdentity;
import org.scmid.protocol.Status;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.state.AgentStateStore;

class TrustedAgentTest {
    private static final int BASE = 0x10;
    private static final int CLOCK = Bench.CLOCK;
    private static final int DENY = 0;
    private static final int ALLOW = 1;

    /** Ids: agents 1 linux (uart 0, bus 1), 2 trusted; devices 0 the uart, 1 the rest. */
    private static final int LINUX = 1;

    private static final int SENSOR = 0x15;

    private static final int THE_UART = 0;
    private static final int THE_REST = 1;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    @SuppressWarnings("NullAway.Init")
    private Bench.Peer linux;

    @SuppressWarnings("NullAway.Init")
    private Bench.Peer trusted;

    @BeforeEach
    void twoDevicesAndTwoAgents() throws Exception {
        bench = new Bench(Bench.board(directory, Bench.BOARD), devices());
        linux = bench.agent("linux", "uart", "bus").withEvents();
        trusted = bench.agent("trusted", "uart", "bus", "osc").withEvents();
        bench.core.resume(false);
    }

    private static List<DeviceSpec> devices() {
        Place nowhere = new Place("test.yaml", 1, 1);
        return List.of(
                new DeviceSpec("the-uart", Map.of(ResourceKind.CLOCK, List.of("uart")), nowhere),
                new DeviceSpec("the-rest", Map.of(ResourceKind.CLOCK, List.of("bus", "osc", "pll")), nowhere));
    }

    private int deviceFor(Bench.Peer by, int agent, int device, int flags) {
        return by.status(BASE, 9, agent, device, flags);
    }

    private int protocolFor(Bench.Peer by, int agent, int device, int protocol, int flags) {
        return by.status(BASE, 0xA, agent, device, protocol, flags);
    }

    @Test
    void theResourcesOfADeniedDeviceAreDeniedAndItsOthersAreNot() {
        assertEquals(0, deviceFor(trusted, LINUX, THE_UART, DENY));
        for (int message : new int[] {3, 6, 0xE, 0xF}) {
            assertEquals(Status.Code.DENIED, linux.status(CLOCK, message, 0), "message " + message);
        }
        assertEquals(Status.Code.DENIED, linux.status(CLOCK, 5, 0, 0, 24_000_000, 0));
        assertEquals(Status.Code.DENIED, linux.status(CLOCK, 9, 0, 1));
        assertEquals(0, linux.call(CLOCK, 6, 1)[0], "bus belongs to another device");
        assertEquals(0, linux.call(CLOCK, 0)[0], "the protocol is not denied");
        assertEquals(0, trusted.call(CLOCK, 6, 0)[0], "nor anything to another agent");
        assertEquals(0, deviceFor(trusted, LINUX, THE_UART, ALLOW));
        assertEquals(0, linux.call(CLOCK, 6, 0)[0]);
    }

    @Test
    void aProtocolOfADeviceIsDeniedForItsResourcesOnly() {
        assertEquals(0, protocolFor(trusted, LINUX, THE_UART, CLOCK, DENY));
        assertEquals(Status.Code.DENIED, linux.status(CLOCK, 6, 0));
        assertEquals(0, linux.call(CLOCK, 6, 1)[0]);
        assertEquals(0, linux.call(CLOCK, 0)[0]);
    }

    @Test
    void aProtocolThatIsDeniedForAllThatTheAgentHasIsDeniedAsAWhole() {
        assertEquals(0, protocolFor(trusted, LINUX, THE_UART, CLOCK, DENY));
        assertEquals(0, protocolFor(trusted, LINUX, THE_REST, CLOCK, DENY));
        assertEquals(Status.Code.DENIED, linux.status(CLOCK, 0), "PROTOCOL_VERSION");
        assertEquals(Status.Code.DENIED, linux.status(CLOCK, 0x77), "whatever it is");
        assertEquals(0, protocolFor(trusted, LINUX, THE_REST, CLOCK, ALLOW));
        assertArrayEquals(new int[] {0, 0x30000}, linux.call(CLOCK, 0));
    }

    @Test
    void aProtocolThatIsDeniedAsAWholeIsNotListedUntilItIsGivenBack() {
        assertArrayEquals(new int[] {0, 1, CLOCK}, linux.call(BASE, 6, 0));
        assertEquals(1, linux.call(BASE, 1)[1] & 0xFF);
        assertEquals(0, protocolFor(trusted, LINUX, THE_UART, CLOCK, DENY));
        assertArrayEquals(new int[] {0, 1, CLOCK}, linux.call(BASE, 6, 0), "bus is left");
        assertEquals(0, deviceFor(trusted, LINUX, THE_REST, DENY));
        assertArrayEquals(new int[] {0, 0}, linux.call(BASE, 6, 0), "either way of denying counts");
        assertEquals(0, linux.call(BASE, 1)[1] & 0xFF);
        assertEquals(Status.Code.DENIED, linux.status(CLOCK, 0), "it is no protocol that nobody knows");
        assertArrayEquals(new int[] {0, 1, CLOCK}, trusted.call(BASE, 6, 0), "others have it");
        assertEquals(0, deviceFor(trusted, LINUX, THE_REST, ALLOW));
        assertArrayEquals(new int[] {0, 1, CLOCK}, linux.call(BASE, 6, 0));
        assertEquals(0, linux.call(CLOCK, 0)[0]);
    }

    @Test
    void aDeniedClockIsDeniedAsAParentToo() throws Exception {
        Bench.Peer other = bench.agent("other", "uart", "osc", "pll").withEvents();
        assertEquals(0, other.status(CLOCK, 0xD, 0, 2));
        assertEquals(0, protocolFor(trusted, 3, THE_REST, CLOCK, DENY));
        assertEquals(Status.Code.DENIED, other.status(CLOCK, 0xD, 0, 1));
        assertEquals(Status.Code.DENIED, other.status(CLOCK, 0xD, 0, 2), "though it runs from it");
        assertEquals(Status.Code.NOT_FOUND, other.status(CLOCK, 0xD, 0, 3));
        assertEquals(600_000_000, bench.tree.get("uart").rate());
        assertEquals(0, protocolFor(trusted, 3, THE_REST, CLOCK, ALLOW));
        assertEquals(0, other.status(CLOCK, 0xD, 0, 1));
    }

    @Test
    void whoIsNotTrustedDoesNotLearnWhichAgentsAndDevicesThereAre() {
        for (int agent : new int[] {0, 1, 2, 3, 255, -1}) {
            for (int device : new int[] {THE_UART, THE_REST, 2, -1}) {
                assertEquals(Status.Code.DENIED, deviceFor(linux, agent, device, DENY));
                for (int protocol : new int[] {BASE, CLOCK, 0x15, 0x42}) {
                    assertEquals(Status.Code.DENIED, protocolFor(linux, agent, device, protocol, DENY));
                }
            }
            assertEquals(agent == LINUX ? 0 : Status.Code.DENIED, linux.status(BASE, 0xB, agent, 0));
        }
    }

    @Test
    void onlyTrustedAgentsMayDenyAndAllow() {
        assertEquals(Status.Code.DENIED, deviceFor(linux, 2, THE_UART, DENY));
        assertEquals(Status.Code.DENIED, deviceFor(linux, LINUX, THE_UART, ALLOW));
        assertEquals(Status.Code.DENIED, protocolFor(linux, LINUX, THE_UART, CLOCK, ALLOW));
        assertEquals(Status.Code.DENIED, linux.status(BASE, 0xB, 2, 0), "nor reset others");
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        for (int agent : new int[] {0, 3, -1}) {
            assertEquals(Status.Code.NOT_FOUND, deviceFor(trusted, agent, THE_UART, DENY));
            assertEquals(Status.Code.NOT_FOUND, protocolFor(trusted, agent, THE_UART, CLOCK, DENY));
            assertEquals(Status.Code.NOT_FOUND, trusted.status(BASE, 0xB, agent, 0));
        }
        for (int device : new int[] {2, -1}) {
            assertEquals(Status.Code.NOT_FOUND, deviceFor(trusted, LINUX, device, DENY));
            assertEquals(Status.Code.NOT_FOUND, protocolFor(trusted, LINUX, device, CLOCK, DENY));
        }
        for (int protocol : new int[] {BASE, 0x42, 0xFF}) {
            assertEquals(Status.Code.NOT_FOUND, protocolFor(trusted, LINUX, THE_UART, protocol, DENY));
        }
    }

    @Test
    void reservedBitsAreRefusedAndChangeNothing() {
        assertEquals(Status.Code.INVALID_PARAMETERS, deviceFor(trusted, LINUX, THE_UART, 2));
        assertEquals(Status.Code.INVALID_PARAMETERS, protocolFor(trusted, LINUX, THE_UART, CLOCK, 0xF));
        assertEquals(Status.Code.INVALID_PARAMETERS, protocolFor(trusted, LINUX, THE_UART, 0x100 | CLOCK, DENY));
        assertEquals(Status.Code.INVALID_PARAMETERS, trusted.status(BASE, 0xB, LINUX, 2));
        assertEquals(0, linux.call(CLOCK, 6, 0)[0]);
    }

    @Test
    void aResetGivesBackWhatWasDeniedOnlyIfItSaysSo() {
        assertEquals(0, deviceFor(trusted, LINUX, THE_UART, DENY));
        assertEquals(0, trusted.status(BASE, 0xB, LINUX, 0));
        assertEquals(Status.Code.DENIED, linux.status(CLOCK, 6, 0));
        assertEquals(Status.Code.DENIED, linux.status(BASE, 0xB, LINUX, 1), "not by itself");
        assertEquals(0, trusted.status(BASE, 0xB, LINUX, 1));
        assertEquals(0, linux.call(CLOCK, 6, 0)[0]);
    }

    @Test
    void aTrustedAgentResetsAnother() {
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        assertTrue(bench.gate(1));
        assertEquals(0, trusted.status(BASE, 0xB, LINUX, 0));
        assertFalse(bench.gate(1), "its vote is gone");
    }

    @Test
    void aGuestThatStartsAnewHasNotWonBackWhatItWasDenied() {
        assertEquals(0, deviceFor(trusted, LINUX, THE_UART, DENY));
        linux.agent.guestReset();
        assertEquals(Status.Code.DENIED, linux.status(CLOCK, 6, 0));
    }

    @Test
    void whatWasDeniedSurvivesTheService() throws Exception {
        Path state = directory.resolve("state");
        Board board = Bench.board(directory, Bench.BOARD);
        Agent.Presence presence = new Agent.Presence(false, 10_000);
        PeerIdentity vmm = new PeerIdentity(100, 5000, 0, 0);
        for (boolean isFirst : new boolean[] {true, false}) {
            try (AgentStateStore store = AgentStateStore.open(state, "11111111-2222-3333-4444-555555555555")) {
                bench = new Bench(board, devices());
                linux = bench.agent("linux", store, presence, "uart", "bus");
                trusted = bench.agent("trusted", store, presence, "uart");
                bench.core.resume(false);
                linux.agent.peerConnected(vmm);
                linux.withEvents();
                trusted.withEvents();
                if (isFirst) {
                    assertEquals(0, deviceFor(trusted, LINUX, THE_UART, DENY));
                }
                assertEquals(Status.Code.DENIED, linux.status(CLOCK, 6, 0));
                assertEquals(0, linux.call(CLOCK, 6, 1)[0]);
            }
        }
    }

    @Test
    void aDeniedResourceTellsNothingMore() {
        assertEquals(0, linux.status(CLOCK, 9, 1, 1));
        assertEquals(0, deviceFor(trusted, LINUX, THE_REST, DENY));
        assertEquals(0, trusted.status(CLOCK, 5, 0, 1, 12_000_000, 0));
        assertEquals(List.of(), linux.events.take());
    }

    // ---- Errors.

    /** What is denied keeps its switch and its subscription; how often others' sensor is read is not its affair any more. */
    @Test
    void whoIsDeniedASensorHasNoSayInItsIntervalAndCausesNoSamples() throws Exception {
        String board = Bench.BOARD + """
                sensors:
                  temp: { unit: degC, source: { simulated: { start: 40 } }, intervals: [10 ms, 1 s], interval: 1 s, timestamps: true }
                """;
        Place nowhere = new Place("test.yaml", 1, 1);
        Bench bench = new Bench(
                Bench.board(Files.createDirectory(directory.resolve("sensors")), board),
                List.of(new DeviceSpec("thermal", Map.of(ResourceKind.SENSOR, List.of("temp")), nowhere)));
        Map<ResourceKind, List<Grant>> temp = Map.of(ResourceKind.SENSOR, Bench.grants("temp"));
        Bench.Peer a = bench.agent("linux", temp).withEvents();
        Bench.Peer t = bench.agent("trusted", temp).withEvents();
        bench.core.resume(false);
        int tenMillisecondsWithTimestamps = 3 | 1 << 16 | (-2 & 0x1F) << 11;
        assertEquals(0, a.status(SENSOR, 0xA, 0, tenMillisecondsWithTimestamps));
        assertEquals(0, a.status(SENSOR, 0xB, 0, 1));
        assertArrayEquals(new int[] {0, tenMillisecondsWithTimestamps & ~2}, t.call(SENSOR, 9, 0));

        assertEquals(0, t.status(BASE, 0xA, LINUX, 0, SENSOR, DENY));
        assertArrayEquals(new int[] {0, 1 | 1 << 16}, t.call(SENSOR, 9, 0), "1 s, as the board says");
        assertFalse(bench.hardware.sensors().get("temp").isSampling(), "for nobody");
        assertEquals(0, t.status(BASE, 0xA, LINUX, 0, SENSOR, ALLOW));
        assertArrayEquals(new int[] {0, 1 | 1 << 16}, a.call(SENSOR, 9, 0), "without timestamps");
        assertTrue(bench.hardware.sensors().get("temp").isSampling(), "it had subscribed");
    }

    @Test
    void anAsynchronousCommandWithoutADelayedResponseThatFailsIsReported() {
        assertEquals(0, linux.status(BASE, 8, 1));
        assertEquals(0, linux.status(CLOCK, 5, 3, 0, 0, 1), "accepted");
        int header = 0x5005 | (linux.lastToken() << 18);
        assertEquals(
                List.of("4300 1 1 " + Integer.toHexString(header) + " fffffffe"),
                linux.events.take(),
                "agent 1, one report: the command's header, INVALID_PARAMETERS");
        assertEquals(0, linux.status(BASE, 8, 0));
        assertEquals(0, linux.status(CLOCK, 5, 3, 0, 0, 1));
        assertEquals(List.of(), linux.events.take(), "nobody asked any more");
    }

    @Test
    void aReplyThatHadNoRoomForAStatusIsReported() {
        assertEquals(0, linux.status(BASE, 8, 1));
        linux.callWithin(4, CLOCK, 6, 0);
        int header = 0x5006 | (linux.lastToken() << 18);
        bench.loop.settle();
        linux.agent.flushEvents();
        assertEquals(List.of("4300 1 1 " + Integer.toHexString(header) + " fffffff6"), linux.events.take());
    }
}
