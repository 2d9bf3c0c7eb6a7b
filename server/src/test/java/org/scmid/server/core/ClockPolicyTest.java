// What an agent may do to clocks that its request is not about.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.config.board.Board;
import org.scmid.config.document.Place;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.service.DeviceSpec;
import org.scmid.config.service.Grant;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.Status;

class ClockPolicyTest {
    private static final int CLOCK = Bench.CLOCK;
    private static final int PERFORMANCE = 0x13;
    private static final int RATE_SET = 5;
    private static final int CONFIG_SET = 7;
    private static final int PARENT_SET = 0xD;
    private static final int MHZ = 1_000_000;

    /** {@code top} feeds {@code kid}, which may move it, and {@code mid}, which feeds {@code low}. */
    private static final String BOARD = """
            board: policies
            registers: { cru: { at: 0x1000, size: 4 KiB, access: simulated, initial: { 0x0: 9 } } }
            clocks:
              xo: { fixed: 1 GHz }
              top: { parent: xo, divider: { register: cru+0x0, bits: 7..0, kind: linear } }
              kid: { parent: top, divider: { register: cru+0x4, bits: 3..0, kind: linear }, set-parent-rate: true }
              mid: { parents: [top, xo], mux: { register: cru+0x8, bit: 0 } }
              low:
                parent: mid
                divider: { register: cru+0xc, bits: 3..0, kind: linear }
                gate: { register: cru+0x10, bit: 0 }
            performance-domains:
              gpu: { clock: top, levels: [{ frequency: 10 MHz }, { frequency: 100 MHz }, { frequency: 500 MHz }] }
              nic: { clock: kid, levels: [{ frequency: 7 MHz }, { frequency: 100 MHz }] }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    private void with(Map<String, ArbitrationPolicy> policies) throws Exception {
        Board board = Bench.board(directory, BOARD);
        var top = new DeviceSpec("the-top", Map.of(ResourceKind.CLOCK, List.of("top")), new Place("test.yaml", 1, 1));
        bench = new Bench(
                board,
                List.of(top),
                new ArbitrationSpec(Map.of(ResourceKind.CLOCK, policies)),
                Windows.open(board, true),
                OpenedGates.inMemory());
    }

    private static ArbitrationPolicy policy(String word) {
        return switch (word) {
            case "last" -> ArbitrationPolicy.DEFAULT;
            case "highest" -> new ArbitrationPolicy.Highest();
            default -> new ArbitrationPolicy.Owner(word);
        };
    }

    /** The agent has kid, mid and both domains, and what else is said. */
    private Bench.Peer agent(String name, String... more) throws Exception {
        var clocks = new ArrayList<Grant>(Bench.grants("kid", "mid"));
        clocks.addAll(Bench.grants(more));
        return bench.agent(
                        name,
                        Map.of(
                                ResourceKind.CLOCK,
                                List.copyOf(clocks),
                                ResourceKind.PERFORMANCE_DOMAIN,
                                Bench.grants("gpu", "nic")))
                .withEvents();
    }

    private static int set(Bench.Peer agent, int id, int hz) {
        return agent.status(CLOCK, RATE_SET, 0, id, hz, 0);
    }

    private void assertRate(String clock, long hz) {
        assertEquals(hz, bench.tree.get(clock).rate(), clock);
    }

    // ---- A parent that a child moves.

    @ParameterizedTest
    @CsvSource({
        "last,    ,          moves",
        "last,    top,       moves",
        "last,    top: read, moves",
        "last,    top: none, stays",
        "b,       top,       moves",
        "a,       top,       stays",
        "a,       ,          stays",
        "highest, top,       stays",
        "highest, ,          stays"
    })
    void aChildMovesAParentThatNobodyElseHasASayIn(String policy, String grant, String expected) throws Exception {
        with(Map.of("top", policy(policy)));
        Bench.Peer b = grant == null ? agent("b") : agent("b", grant);
        int status = set(b, 0, 3 * MHZ); // 100 MHz, which kid can divide by 16 at most
        assertEquals(expected.equals("moves") ? 0 : Status.Code.DENIED, status);
        assertEquals(expected.equals("moves"), bench.tree.get("top").rate() != 100 * MHZ);
    }

    @Test
    void aDeviceThatWasTakenAwayIsNotMovedByAChildWhetherItIsListedOrNot() throws Exception {
        for (String[] grants : new String[][] {{"top"}, {}}) {
            with(Map.of());
            Bench.Peer b = agent("b", grants);
            Bench.Peer trusted = agent("trusted");
            assertEquals(0, trusted.status(0x10, 9, 1, 0, 0));
            assertEquals(Status.Code.DENIED, set(b, 0, 3 * MHZ));
            assertEquals(Status.Code.DENIED, b.status(PERFORMANCE, 7, 0, 10_000), "nor by a level");
            assertRate("top", 100 * MHZ);
            assertEquals(0, trusted.status(0x10, 9, 1, 0, 1));
            assertEquals(0, set(b, 0, 3 * MHZ));
        }
    }

    @Test
    void aDeniedProtocolOfADeviceIsADenialToo() throws Exception {
        with(Map.of());
        Bench.Peer b = agent("b");
        Bench.Peer trusted = agent("trusted");
        assertEquals(0, trusted.status(0x10, 0xA, 1, 0, CLOCK, 0));
        assertEquals(Status.Code.DENIED, set(b, 0, 3 * MHZ));
        assertRate("top", 100 * MHZ);
    }

    @Test
    void whatIsLeftIsTheNextBestByTheRounding() throws Exception {
        with(Map.of("top", policy("a")));
        Bench.Peer b = agent("b");
        assertEquals(0, b.status(CLOCK, RATE_SET, 8, 0, 3 * MHZ, 0), "to the nearest");
        assertRate("kid", 6_250_000);
        assertRate("top", 100 * MHZ);
        assertEquals(0, set(b, 0, 60 * MHZ), "down");
        assertRate("kid", 50 * MHZ);
    }

    @Test
    void whatIsDescribedIsWhatThisAgentMaySet() throws Exception {
        with(Map.of("top", policy("a")));
        int[] b = agent("b").call(CLOCK, 4, 0, 0);
        assertEquals(16, b[1] & 0xFFF, "what its own divider makes");
        int[] owner = agent("a", "top").call(CLOCK, 4, 0, 0);
        assertEquals(1 << 12 | 3, owner[1], "a range, with what top can be set to");
    }

    @ParameterizedTest
    @CsvSource({"last,0", "b,0", "a,-3", "highest,0"})
    void aLevelMovesItsClockUnlessAnotherAgentHasASay(String policy, int status) throws Exception {
        with(Map.of("top", policy(policy)));
        Bench.Peer b = agent("b");
        assertEquals(status, b.status(PERFORMANCE, 7, 0, 10_000));
        assertRate("top", status == 0 ? 10 * MHZ : 100 * MHZ);
        assertEquals(status, b.status(PERFORMANCE, 5, 0, 500_000, 500_000), "nor by limits");
    }

    @Test
    void aLevelGivesWayToAWishForItsClock() throws Exception {
        with(Map.of("top", policy("highest")));
        Bench.Peer a = agent("a", "top");
        Bench.Peer b = agent("b");
        assertEquals(0, set(a, 2, 200 * MHZ));
        assertEquals(Status.Code.DENIED, b.status(PERFORMANCE, 7, 0, 10_000));
        assertEquals(Status.Code.DENIED, b.status(PERFORMANCE, 7, 1, 7_000), "nor by a child's level");
        assertRate("top", 200 * MHZ);
        a.agent.guestReset();
        assertEquals(0, b.status(PERFORMANCE, 7, 0, 10_000));
    }

    // ---- A clock below what is changed.

    @ParameterizedTest
    @CsvSource({"last,true,0", "b,true,0", "a,true,-3", "highest,true,-3", "a,false,0", "highest,false,0"})
    void aClockThatRunsForSomebodyWithASayIsNotMovedFromAbove(String policy, boolean isOn, int status)
            throws Exception {
        for (int way = 0; way < 4; way++) {
            with(Map.of("low", policy(policy)));
            Bench.Peer a = agent("a", "low");
            Bench.Peer b = agent("b", "top", "xo: read");
            if (isOn) {
                assertEquals(0, a.status(CLOCK, CONFIG_SET, 2, 1, 0));
            }
            int got = switch (way) {
                case 0 -> set(b, 2, 50 * MHZ);
                case 1 -> b.status(CLOCK, PARENT_SET, 1, 3);
                case 2 -> set(b, 0, 3 * MHZ);
                default -> b.status(PERFORMANCE, 7, 0, 10_000);
            };
            assertEquals(status, got, "way " + way);
            assertEquals(status == 0, bench.tree.get("low").rate() != 100 * MHZ, "way " + way);
        }
    }

    @Test
    void theOwnerOfWhatIsAboveMovesWhatRunsFromIt() throws Exception {
        var policies = new HashMap<String, ArbitrationPolicy>();
        policies.put("low", policy("a"));
        policies.put("top", policy("b"));
        with(policies);
        Bench.Peer a = agent("a", "low");
        Bench.Peer b = agent("b", "top");
        assertEquals(0, a.status(CLOCK, CONFIG_SET, 2, 1, 0));
        assertEquals(0, set(b, 2, 50 * MHZ));
        assertRate("low", 50 * MHZ);
    }

    @Test
    void theHighestWishIsNotGoneAroundByAnotherParent() throws Exception {
        with(Map.of("mid", policy("highest")));
        Bench.Peer a = agent("a", "top", "xo");
        Bench.Peer b = agent("b", "top", "xo");
        assertEquals(0, a.status(CLOCK, PARENT_SET, 1, 3), "nobody wishes anything");
        assertEquals(0, set(a, 1, 1000 * MHZ));
        assertEquals(Status.Code.DENIED, b.status(CLOCK, PARENT_SET, 1, 2));
        assertEquals(0, a.status(CLOCK, PARENT_SET, 1, 2), "its own wish stops nobody");
    }
}
