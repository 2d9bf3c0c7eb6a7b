// What an agent may change that is given some of a resource's control, and what it is told of that.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.linux.PeerIdentity;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.Status;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.state.AgentStateStore;

class ControlPartsTest {
    private static final int POWER = 0x11;
    private static final int PERFORMANCE = 0x13;
    private static final int CLOCK = Bench.CLOCK;
    private static final int SENSOR = 0x15;
    private static final int RESET = 0x16;
    private static final int VOLTAGE = 0x17;
    private static final int DENIED = Status.Code.DENIED;

    private static final int ATTRIBUTES = 3;
    private static final int RATE_SET = 5;
    private static final int CONFIG_SET = 7;
    private static final int RATE_NOTIFY = 9;
    private static final int PARENT_SET = 0xD;
    private static final int GET_PERMISSIONS = 0xF;
    private static final int RESTRICTED = 2;

    private static final int LIMITS_SET = 5;
    private static final int LEVEL_SET = 7;

    /** Whom the agent's state is for. */
    private static final PeerIdentity GUEST = new PeerIdentity(100, 5000, 0, 0);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private @Nullable AgentStateStore store;

    /** An agent that is given one resource of a board on which everything is. */
    private static Bench.Peer agent(ResourceKind kind, String grant) throws IOException {
        return new Bench(Everything.BOARD)
                .agent("a", Map.of(kind, Bench.grants(grant)))
                .withEvents();
    }

    private static int denied(boolean isGiven) {
        return isGiven ? 0 : DENIED;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [state]               | true  | false | false
                    [rate]                | false | true  | false
                    [parent]              | false | false | true
                    [state, rate]         | true  | true  | false
                    [parent, state]       | true  | false | true
                    [state, rate, parent] | true  | true  | true
                    control               | true  | true  | true
                    notify                | false | false | false
                    """)
    void aClocksStateRateAndParentAreGivenEachByItself(String grant, boolean state, boolean rate, boolean parent)
            throws Exception {
        Bench bench = new Bench(directory);
        Bench.Peer a = bench.agent("a", "uart: " + grant, "pll: read").withEvents();
        assertEquals(denied(state), a.status(CLOCK, CONFIG_SET, 0, 1, 0));
        assertEquals(denied(rate), a.status(CLOCK, RATE_SET, 0, 0, 24_000_000, 0));
        assertEquals(denied(parent), a.status(CLOCK, PARENT_SET, 0, 1));
        assertEquals(0, a.status(CLOCK, RATE_NOTIFY, 0, 1), "a list includes notify");
        assertArrayEquals(
                new int[] {0, (state ? 1 << 31 : 0) | (parent ? 1 << 30 : 0) | (rate ? 1 << 29 : 0)},
                a.call(CLOCK, GET_PERMISSIONS, 0));
        assertEquals(
                state && rate && parent ? 0 : RESTRICTED,
                a.call(CLOCK, ATTRIBUTES, 0)[1] & RESTRICTED,
                "Linux asks for the permissions only then");
        assertEquals(state, bench.gate(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [level]         | true  | false
                    [limits]        | false | true
                    [level, limits] | true  | true
                    control         | true  | true
                    """)
    void aPerformanceDomainsLevelAndLimitsAreGivenEachByItself(String grant, boolean level, boolean limits)
            throws Exception {
        Bench.Peer a = agent(ResourceKind.PERFORMANCE_DOMAIN, Everything.CORES + ": " + grant);
        int highest = a.call(PERFORMANCE, 8, 0)[1];
        assertEquals(denied(level), a.status(PERFORMANCE, LEVEL_SET, 0, highest));
        assertEquals(denied(limits), a.status(PERFORMANCE, LIMITS_SET, 0, highest, highest));
        assertEquals(
                (limits ? 1 << 31 : 0) | (level ? 1 << 30 : 0),
                a.call(PERFORMANCE, ATTRIBUTES, 0)[1] & 3 << 30,
                "may set limits, may set the level");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [state]        | true  | false
                    [level]        | false | true
                    [level, state] | true  | true
                    control        | true  | true
                    """)
    void aSuppliesStateAndLevelAreGivenEachByItself(String grant, boolean state, boolean level) throws Exception {
        Bench.Peer a = agent(ResourceKind.VOLTAGE_DOMAIN, Everything.SUPPLY + ": " + grant);
        assertEquals(
                level ? 1 << 31 : 0,
                a.call(VOLTAGE, ATTRIBUTES, 0)[1] & 1 << 31,
                "an asynchronous LEVEL_SET is for who may set the level");
        int off = 0;
        assertEquals(denied(state), a.status(VOLTAGE, 5, 0, off));
        int present = a.call(VOLTAGE, 8, 0)[1];
        assertEquals(denied(level), a.status(VOLTAGE, LEVEL_SET, 0, 0, present));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [state] | true
                    notify  | false
                    """)
    void aPowerDomainIsSwitchedByWhoIsGivenItsState(String grant, boolean state) throws Exception {
        Board board = Everything.BOARD;
        String first = board.names(ResourceKind.POWER_DOMAIN).iterator().next();
        Bench.Peer a = agent(ResourceKind.POWER_DOMAIN, first + ": " + grant);
        assertEquals(state ? 3 << 29 : 0, a.call(POWER, ATTRIBUTES, 0)[1] & 3 << 29, "switched, asynchronously too");
        int unknown = 5;
        assertEquals(
                state ? Status.Code.INVALID_PARAMETERS : DENIED,
                a.status(POWER, 4, 0, 0, unknown),
                "whether it is let");
        assertEquals(0, a.status(POWER, 6, 0, 1), "a list includes notify");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [reset] | true
                    notify  | false
                    """)
    void aResetIsDoneByWhoIsGivenIt(String grant, boolean reset) throws Exception {
        String first = Everything.BOARD.names(ResourceKind.RESET).iterator().next();
        Bench.Peer a = agent(ResourceKind.RESET, first + ": " + grant);
        int reserved = 8;
        assertEquals(reset ? Status.Code.INVALID_PARAMETERS : DENIED, a.status(RESET, 4, 0, reserved, 0));
        assertEquals(0, a.status(RESET, 5, 0, 1), "a list includes notify");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [config] | true
                    notify   | false
                    """)
    void aSensorIsConfiguredByWhoIsGivenItsConfiguration(String grant, boolean config) throws Exception {
        Bench.Peer a = agent(ResourceKind.SENSOR, "soc-temp: " + grant);
        int off = 0;
        assertEquals(denied(config), a.status(SENSOR, 0xA, 0, off));
        assertEquals(config ? 0 : 1, a.call(SENSOR, 9, 0)[1] & 1, "who may configure it has a switch of its own");
        assertEquals(0, a.status(SENSOR, 4, 0, 0), "a list includes notify");
    }

    // ---- What an agent held, and is not given any more.

    /** An agent of a service that starts anew, over the state of one that was killed. */
    private Bench.Peer restarted(Bench bench, ResourceKind kind, String grant) throws IOException {
        if (store != null) {
            store.close();
        }
        store = AgentStateStore.open(directory.resolve("state"), "11111111-2222-3333-4444-555555555555");
        Bench.Peer peer = bench.agent("a", store, new Agent.Presence(false, 10_000), Map.of(kind, Bench.grants(grant)));
        bench.core.resume(false);
        peer.agent.peerConnected(GUEST);
        return peer.withEvents();
    }

    @AfterEach
    void closeStore() {
        if (store != null) {
            store.close();
        }
    }

    private static Bench bench(Board board, Windows windows) {
        var highest = new ArbitrationPolicy.Highest();
        var arbitration = new ArbitrationSpec(Map.of(
                ResourceKind.CLOCK,
                Map.of("bus", highest),
                ResourceKind.PERFORMANCE_DOMAIN,
                Map.of(Everything.CORES, highest)));
        return new Bench(board, List.of(), arbitration, windows, OpenedGates.inMemory());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [rate, parent]  | false | true
                    [state, parent] | true  | false
                    [parent]        | false | false
                    [state, rate]   | true  | true
                    """)
    void aVoteAndAWishAreGivenUpEachByItself(String grant, boolean votes, boolean wishes) throws Exception {
        Board board = Bench.board(directory, Bench.BOARD);
        Windows windows = Windows.open(board, true);
        Bench.Peer a = restarted(bench(board, windows), ResourceKind.CLOCK, "bus");
        assertEquals(0, a.status(CLOCK, CONFIG_SET, 0, 1, 0));
        assertEquals(0, a.status(CLOCK, RATE_SET, 0, 0, 24_000_000, 0));
        assertEquals(0, a.status(CLOCK, RATE_NOTIFY, 0, 1));

        Bench bench = bench(board, windows);
        a = restarted(bench, ResourceKind.CLOCK, "bus: " + grant);
        assertEquals(votes, bench.gate(0));
        Bench.Peer b = bench.agent("b", "bus").withEvents();
        assertEquals(0, b.status(CLOCK, RATE_SET, 0, 0, 3_000_000, 0));
        assertEquals(wishes ? 24_000_000 : 3_000_000, bench.tree.get("bus").rate(), "the highest wish counts");
        bench.loop.passMillis(100);
        assertEquals(!wishes, !a.events.take().isEmpty(), "it may still be told");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [rate, parent] | true
                    [state]        | false
                    """)
    void whoAskedForOffOfAClockAndMayNotSwitchItAnyMoreReadsWhatHardwareSays(String grant, boolean readsOn)
            throws Exception {
        Board board = Bench.board(directory, Bench.BOARD);
        Windows windows = Windows.open(board, true);
        Bench.Peer a = restarted(bench(board, windows), ResourceKind.CLOCK, "bus");
        assertEquals(0, a.status(CLOCK, CONFIG_SET, 0, 0, 0));

        Bench bench = bench(board, windows);
        a = restarted(bench, ResourceKind.CLOCK, "bus: " + grant);
        assertEquals(0, bench.agent("b", "bus").status(CLOCK, CONFIG_SET, 0, 1, 0));
        assertTrue(bench.gate(0));
        assertEquals(readsOn ? 1 : 0, a.call(CLOCK, ATTRIBUTES, 0)[1] & 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [level] | true
                    [state] | false
                    """)
    void whoAskedForOffOfASupplyAndMayNotSwitchItAnyMoreReadsWhatHardwareSays(String grant, boolean readsOn)
            throws Exception {
        Windows windows = Windows.open(Everything.BOARD, true);
        Bench.Peer a = restarted(bench(Everything.BOARD, windows), ResourceKind.VOLTAGE_DOMAIN, Everything.SUPPLY);
        int off = 0;
        int on = 7;
        assertEquals(0, a.status(VOLTAGE, 5, 0, off));

        Bench bench = bench(Everything.BOARD, windows);
        a = restarted(bench, ResourceKind.VOLTAGE_DOMAIN, Everything.SUPPLY + ": " + grant);
        Bench.Peer b = bench.agent("b", Map.of(ResourceKind.VOLTAGE_DOMAIN, Bench.grants(Everything.SUPPLY)))
                .withEvents();
        b.call(VOLTAGE, 5, 0, on);
        assertArrayEquals(new int[] {0}, b.awaitReply(100), "answered once it has settled");
        assertArrayEquals(new int[] {0, on}, b.call(VOLTAGE, 6, 0));
        assertArrayEquals(new int[] {0, readsOn ? on : off}, a.call(VOLTAGE, 6, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [level]  | true  | false
                    [limits] | false | true
                    """)
    void aLevelAndLimitsAreGivenUpEachByItself(String grant, boolean level, boolean limits) throws Exception {
        Windows windows = Windows.open(Everything.BOARD, true);
        Bench.Peer a = restarted(bench(Everything.BOARD, windows), ResourceKind.PERFORMANCE_DOMAIN, Everything.CORES);
        int[] levels = a.call(PERFORMANCE, 4, 0, 0);
        int low = levels[2];
        int middle = levels[7];
        int high = levels[12];
        assertEquals(0, a.status(PERFORMANCE, LEVEL_SET, 0, middle));
        assertEquals(0, a.status(PERFORMANCE, LIMITS_SET, 0, middle, low));

        Bench bench = bench(Everything.BOARD, windows);
        restarted(bench, ResourceKind.PERFORMANCE_DOMAIN, Everything.CORES + ": " + grant);
        Bench.Peer b = bench.agent("b", Map.of(ResourceKind.PERFORMANCE_DOMAIN, Bench.grants(Everything.CORES)))
                .withEvents();
        assertArrayEquals(new int[] {0, limits ? middle : high, low}, b.call(PERFORMANCE, 6, 0));
        assertEquals(0, b.status(PERFORMANCE, LEVEL_SET, 0, low));
        assertArrayEquals(new int[] {0, level ? middle : low}, b.call(PERFORMANCE, 8, 0), "the highest wish counts");
    }

    @Test
    void whoMayNotConfigureASensorAnyMoreHasNoSayInItsIntervalAndIsStillTold() throws Exception {
        Board board = ConfigFiles.builtInBoard("demo");
        Windows windows = Windows.open(board, true);
        Bench.Peer a = restarted(bench(board, windows), ResourceKind.SENSOR, "soc-temp");
        int before = a.call(SENSOR, 9, 0)[1];
        int[] intervals = a.call(SENSOR, 8, 0, 0);
        int longest = intervals[intervals.length - 1];
        int config = 1 | (longest >>> 5 & 0xFFFF) << 16 | (longest & 0x1F) << 11;
        assertEquals(0, a.status(SENSOR, 0xA, 0, config));
        assertEquals(0, a.status(SENSOR, 0xB, 0, 1));
        assertEquals(config, a.call(SENSOR, 9, 0)[1]);
        assertNotEquals(before, config);

        Bench bench = bench(board, windows);
        a = restarted(bench, ResourceKind.SENSOR, "soc-temp" + ": notify");
        assertEquals(before, a.call(SENSOR, 9, 0)[1]);
        bench.loop.passMillis(2000);
        assertFalse(a.events.take().isEmpty(), "it may still be told");
    }

    @Test
    void anAcceptedCommandIsRefusedIfItsPartWasTakenAway() throws Exception {
        Board board = Bench.board(directory, Bench.BOARD);
        Windows windows = Windows.open(board, true);
        Bench.Peer a = restarted(bench(board, windows), ResourceKind.CLOCK, "uart");
        assertTrue(a.agent.state().accept(0x5205, 0, 1, 24_000_000));

        Bench bench = bench(board, windows);
        a = restarted(bench, ResourceKind.CLOCK, "uart: [state]");
        bench.loop.passMillis(100);
        assertEquals(List.of("5205 " + Integer.toHexString(DENIED)), a.events.take());
        assertFalse(bench.gate(1));
    }
}
