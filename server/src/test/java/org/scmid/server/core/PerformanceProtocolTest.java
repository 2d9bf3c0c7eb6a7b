// The Performance protocol, message by message, in bytes: layouts, behaviour, errors.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.service.Grant;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.Status;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.state.AgentStateStore;

class PerformanceProtocolTest {
    private static final int PERFORMANCE = 0x13;
    private static final int CLOCK = Bench.CLOCK;

    private static final int NOT_FOUND = Status.Code.NOT_FOUND;
    private static final int DENIED = Status.Code.DENIED;
    private static final int NOT_SUPPORTED = Status.Code.NOT_SUPPORTED;
    private static final int INVALID = Status.Code.INVALID_PARAMETERS;
    private static final int OUT_OF_RANGE = Status.Code.OUT_OF_RANGE;
    private static final int PROTOCOL_ERROR = Status.Code.PROTOCOL_ERROR;

    /** cpu is 600 MHz / (n+1), n in cru+0x0; its supply in cru+0x10. gpu is the same at cru+0x4, with indexed levels. */
    private static final String BOARD = """
            board: bench
            registers:
              cru: { at: 0x1000, size: 4 KiB, access: simulated, initial: { 0x0: 5, 0x4: 5 } }
            clocks:
              pll: { fixed: 600 MHz }
              cpu: { parent: pll, divider: { register: cru+0x0, bits: 3..0, kind: linear } }
              gpu: { parent: pll, divider: { register: cru+0x4, bits: 3..0, kind: linear } }
              npu: { parent: pll, divider: { register: cru+0x8, bits: 3..0, kind: linear } }
            voltage-domains:
              vdd: { levels: [800 mV, 900 mV, 1.1 V], level: { register: cru+0x10, bits: 1..0 }, settle: 2 ms }
            performance-domains:
              cpu:
                clock: cpu
                voltage-domain: vdd
                levels:
                  - { frequency: 100 MHz, voltage: 800 mV, power: 120.5 mW, latency: 50 us }
                  - { frequency: 200 MHz, voltage: 800 mV, power: 280 mW }
                  - { frequency: 300 MHz, voltage: 900 mV }
                  - { frequency: 600 MHz, voltage: 1.1 V, power: 1 W, latency: 65535 us }
                sustained: 300 MHz
                rate-limit: 1 ms
              gpu-with-quite-a-long-name:
                clock: gpu
                levels:
                  - { level: 10, frequency: 100 MHz }
                  - { level: 20, frequency: 200 MHz }
                  - { level: 60, frequency: 600 MHz }
                level-indexing: true
              npu: { clock: npu, levels: [{ frequency: 600 MHz }] }
            """;

    private static final String GPU_NAME = "gpu-with-quite-a-long-name";

    // linux's ids
    private static final int CPU = 0;
    private static final int GPU = 1;
    private static final int HIDDEN = 2;

    private static final int L100 = 100_000;
    private static final int L200 = 200_000;
    private static final int L300 = 300_000;
    private static final int L600 = 600_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    /** Has events. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer linux;

    /** Has events; gpu is its 0, cpu its 1. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer zephyr;

    /** Has no events; may read cpu (0). Controls the clock cpu (0). */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer tool;

    /** Has events; may be notified of cpu (0). */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer watcher;

    @BeforeEach
    void fourAgents() throws Exception {
        start(ArbitrationSpec.NONE);
    }

    private void start(ArbitrationSpec arbitration) throws Exception {
        Board board = Bench.board(directory, BOARD);
        bench = new Bench(board, List.of(), arbitration, Windows.open(board, true), OpenedGates.inMemory());
        linux = agent("linux", "cpu", GPU_NAME, "npu: none").withEvents();
        zephyr = agent("zephyr", GPU_NAME, "cpu").withEvents();
        Map<ResourceKind, List<Grant>> grants = Map.of(
                ResourceKind.PERFORMANCE_DOMAIN, Bench.grants("cpu: read"),
                ResourceKind.CLOCK, Bench.grants("cpu"));
        tool = bench.agent("tool", grants).withoutEvents();
        watcher = agent("watcher", "cpu: notify").withEvents();
    }

    private void startWith(ArbitrationPolicy policy) throws Exception {
        start(new ArbitrationSpec(Map.of(ResourceKind.PERFORMANCE_DOMAIN, Map.of("cpu", policy))));
    }

    private Bench.Peer agent(String name, String... grants) throws Exception {
        return bench.agent(name, Map.of(ResourceKind.PERFORMANCE_DOMAIN, Bench.grants(grants)));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private int setLevel(Bench.Peer peer, int domain, int level) {
        int status = peer.status(PERFORMANCE, 7, domain, level);
        bench.loop.passMillis(2);
        return status;
    }

    private static int level(Bench.Peer peer, int domain) {
        return peer.call(PERFORMANCE, 8, domain)[1];
    }

    private static int[] limits(Bench.Peer peer, int domain) {
        int[] reply = peer.call(PERFORMANCE, 6, domain);
        return new int[] {reply[1], reply[2]};
    }

    private static String levelEvent(int agent, int domain, int level) {
        return Integer.toHexString(0x1 | 3 << 8 | PERFORMANCE << 10) + " " + agent + " " + domain + " "
                + Integer.toHexString(level);
    }

    private static String limitsEvent(int agent, int domain, int max, int min) {
        return Integer.toHexString(3 << 8 | PERFORMANCE << 10) + " " + agent + " " + domain + " "
                + Integer.toHexString(max) + " " + Integer.toHexString(min);
    }

    // ---- What there is.

    @Test
    void versionAndProtocolAttributes() {
        assertArrayEquals(new int[] {0, 0x40000}, linux.call(PERFORMANCE, 0));
        assertArrayEquals(new int[] {0, 0x00020003, 0, 0, 0}, linux.call(PERFORMANCE, 1), "microwatts");
        assertArrayEquals(new int[] {0, 0x00020001, 0, 0, 0}, tool.call(PERFORMANCE, 1));
        assertEquals(0, linux.status(PERFORMANCE, 0x10, 0x20000));
        assertArrayEquals(new int[] {0, 0x00010003, 0, 0, 0}, linux.call(PERFORMANCE, 1), "milliwatts before 3.0");
    }

    @Test
    void messageAttributesAgreeWithWhatIsThere() {
        for (int message : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xA, 0xC, 0x10}) {
            assertArrayEquals(new int[] {0, 0}, linux.call(PERFORMANCE, 2, message), "message " + message);
        }
        for (int message : new int[] {0xB, 0xD, 0x11, 0x100, -1}) {
            assertEquals(NOT_FOUND, linux.status(PERFORMANCE, 2, message), "message " + message);
        }
        assertEquals(NOT_FOUND, tool.status(PERFORMANCE, 2, 9), "no channel, no notifications");
    }

    @Test
    void thereAreNoFastChannels() {
        assertEquals(NOT_FOUND, linux.status(PERFORMANCE, 0xB, CPU, 7));
    }

    @Test
    void domainAttributesByteForByte() {
        // performance 0x13, message 3, token 1; limits, level and both notifications; 1000 us; 300 MHz
        assertArrayEquals(
                bytes("03 4c 04 00  00 00 00 00  00 00 00 f0  e8 03 00 00  e0 93 04 00  e0 93 04 00"
                        + " 63 70 75 00 00 00 00 00 00 00 00 00 00 00 00 00"),
                linux.exchange(bytes("03 4c 04 00  00 00 00 00"), 64));
    }

    @Test
    void attributeBitsFollowThePermissionTheChannelAndTheVersion() {
        assertEquals(0xF6000000, linux.call(PERFORMANCE, 3, GPU)[1], "a long name and indexed levels");
        assertEquals(0x00000000, tool.call(PERFORMANCE, 3, 0)[1], "read");
        assertEquals(0x30000000, watcher.call(PERFORMANCE, 3, 0)[1], "notify");
        assertEquals(0, linux.status(PERFORMANCE, 0x10, 0x30000));
        assertEquals(0xF4000000, linux.call(PERFORMANCE, 3, GPU)[1]);
        assertEquals(0, linux.status(PERFORMANCE, 0x10, 0x10000));
        assertEquals(0xF0000000, linux.call(PERFORMANCE, 3, GPU)[1]);
        assertEquals(60, linux.call(PERFORMANCE, 3, GPU)[4], "the highest is sustained if nothing is said");
    }

    @Test
    void longNamesAreAskedForByNameGet() {
        assertEquals(1 + 17, linux.call(PERFORMANCE, 0xC, GPU).length);
        assertEquals(NOT_SUPPORTED, linux.status(PERFORMANCE, 0xC, CPU));
        assertEquals(0, linux.status(PERFORMANCE, 0x10, 0x20000));
        assertEquals(NOT_FOUND, linux.status(PERFORMANCE, 0xC, GPU), "not in 2.0");
    }

    @Test
    void everyCommandOnAHiddenOrMissingDomainIsNotFound() {
        for (int domain : new int[] {HIDDEN, 3, 0x10000, -1}) {
            for (int message : new int[] {3, 6, 8, 0xC}) {
                assertEquals(NOT_FOUND, linux.status(PERFORMANCE, message, domain));
            }
            for (int message : new int[] {4, 7, 9, 0xA}) {
                assertEquals(NOT_FOUND, linux.status(PERFORMANCE, message, domain, 1));
            }
            assertEquals(NOT_FOUND, linux.status(PERFORMANCE, 5, domain, L600, L100));
        }
    }

    @Test
    void payloadsOfTheWrongLengthAreProtocolErrors() {
        int[] words = {0, 0, 0, 1, 2, 3, 1, 2, 1, 2, 2}; // by message, from 0
        for (int message = 0; message < words.length; message++) {
            for (int length = 0; length <= 4; length++) {
                if (length != words[message] && message != 2) {
                    assertEquals(
                            PROTOCOL_ERROR,
                            linux.status(PERFORMANCE, message, new int[length]),
                            "message " + message + " with " + length + " words");
                }
            }
        }
    }

    // ---- Levels described.

    @Test
    void levelsOfVersion4HaveFiveWords() {
        assertArrayEquals(
                new int[] {
                    0, 4, L100, 120_500, 50, 100_000, 1, L200, 280_000, 0, 200_000, 2, L300, 0, 0, 300_000, 3, L600,
                    1_000_000, 65_535, 600_000, 4
                },
                linux.call(PERFORMANCE, 4, CPU, 0));
        assertArrayEquals(
                new int[] {0, 2, 20, 0, 0, 200_000, 2, 60, 0, 0, 600_000, 3}, linux.call(PERFORMANCE, 4, GPU, 1));
    }

    @ParameterizedTest
    @CsvSource({"0x10000, 121", "0x20000, 121", "0x30000, 120500"})
    void levelsOfOlderVersionsHaveThree(int version, int power) {
        assertEquals(0, linux.status(PERFORMANCE, 0x10, version));
        assertArrayEquals(
                new int[] {0, 0x00000004, L100, power, 50, L200},
                java.util.Arrays.copyOf(linux.call(PERFORMANCE, 4, CPU, 0), 6));
        assertEquals(2 + 4 * 3, linux.call(PERFORMANCE, 4, CPU, 0).length);
        assertEquals(INVALID, linux.status(PERFORMANCE, 4, CPU, 4), "the old word for an index behind the end");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x30000, 0x40000})
    void levelsAreDescribedFromAnyIndexInAnyBuffer(int version) {
        assertEquals(0, linux.status(PERFORMANCE, 0x10, version));
        int bytes = version == 0x40000 ? 20 : 12;
        for (int capacity = 12 + bytes; capacity <= 12 + 5 * bytes; capacity++) {
            for (int index = 0; index < 4; index++) {
                int[] reply = linux.callWithin(capacity, PERFORMANCE, 4, CPU, index);
                int returned = reply[1] & 0xFFF;
                assertEquals(Math.min(4 - index, (capacity - 12) / bytes), returned);
                assertEquals(4 - index - returned, reply[1] >>> 16);
                assertEquals(2 + returned * bytes / 4, reply.length);
                assertEquals(new int[] {L100, L200, L300, L600}[index], reply[2]);
            }
        }
        for (int capacity = 8; capacity < 12 + bytes; capacity++) {
            assertArrayEquals(new int[] {PROTOCOL_ERROR}, linux.callWithin(capacity, PERFORMANCE, 4, CPU, 0));
        }
    }

    @Test
    void anIndexBehindTheEndIsOutOfRange() {
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 4, CPU, 4));
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 4, CPU, -1));
    }

    // ---- Levels set.

    @Test
    void aLevelSetsTheClockAndItsSupplyAndIsVisibleAtOnce() {
        assertEquals(L100, level(linux, CPU));
        assertEquals(0, linux.status(PERFORMANCE, 7, CPU, L600));
        assertEquals(L600, level(linux, CPU), "acknowledged, though the supply has to settle");
        assertEquals(2, bench.cru.read(0x10));
        assertEquals(5, bench.cru.read(0x0));
        bench.loop.passMillis(2);
        assertEquals(0, bench.cru.read(0x0));
        assertEquals(L600, level(zephyr, 1));
        assertEquals(0, linux.status(PERFORMANCE, 7, CPU, L100));
        assertEquals(5, bench.cru.read(0x0));
        assertEquals(0, bench.cru.read(0x10));
    }

    @Test
    void whatIsNoLevelIsRefused() {
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 7, CPU, L100 - 1));
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 7, CPU, L600 + 1));
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 7, CPU, 0));
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 7, CPU, -1));
        assertEquals(INVALID, linux.status(PERFORMANCE, 7, CPU, L200 + 1));
        assertEquals(L100, level(linux, CPU));
    }

    @Test
    void whoMayNotControlIsDenied() {
        assertEquals(DENIED, tool.status(PERFORMANCE, 7, 0, L200));
        assertEquals(DENIED, watcher.status(PERFORMANCE, 5, 0, L600, L100));
        assertEquals(L100, level(tool, 0));
        assertEquals(DENIED, tool.status(PERFORMANCE, 9, 0, 1), "read does not include notify");
    }

    @Test
    void levelsAreNamedByIndexInVersion4OnlyWhereTheBoardSaysSo() {
        assertEquals(0, linux.status(PERFORMANCE, 7, GPU, 2));
        assertEquals(2, bench.cru.read(0x4));
        assertEquals(2, level(linux, GPU));
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 7, GPU, 20));
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 7, GPU, 0));
        assertEquals(0, zephyr.status(PERFORMANCE, 0x10, 0x30000));
        assertEquals(20, level(zephyr, 0), "an agent of 3.0 sees numbers");
        assertEquals(0, zephyr.status(PERFORMANCE, 7, 0, 60));
        assertEquals(3, level(linux, GPU));
        assertArrayEquals(new int[] {3, 1}, limits(linux, GPU));
        assertArrayEquals(new int[] {60, 10}, limits(zephyr, 0));
    }

    // ---- Limits.

    @Test
    void limitsAreVisibleAtOnceAndCutTheLevel() {
        setLevel(linux, CPU, L600);
        assertArrayEquals(new int[] {L600, L100}, limits(linux, CPU));
        assertEquals(0, linux.status(PERFORMANCE, 5, CPU, L300, L200));
        assertArrayEquals(new int[] {L300, L200}, limits(linux, CPU));
        assertEquals(L300, level(linux, CPU));
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 7, CPU, L600));
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 7, CPU, L100));
        assertEquals(0, linux.status(PERFORMANCE, 5, CPU, L600, L100));
        assertEquals(L600, level(linux, CPU), "what was asked for counts again");
    }

    @Test
    void limitsThatCannotBeAreRefused() {
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 5, CPU, L600 + 1, L100));
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 5, CPU, L600, L100 - 1));
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 5, CPU, -1, L100));
        assertEquals(INVALID, linux.status(PERFORMANCE, 5, CPU, L100, L200));
        assertEquals(INVALID, linux.status(PERFORMANCE, 5, CPU, L300 - 1, L200 + 1), "between two levels");
        assertArrayEquals(new int[] {L600, L100}, limits(linux, CPU));
    }

    @Test
    void limitsBetweenLevelsAreTakenInwards() {
        assertEquals(0, linux.status(PERFORMANCE, 5, CPU, L600 - 1, L100 + 1));
        assertArrayEquals(new int[] {L300, L200}, limits(linux, CPU));
    }

    @Test
    void zeroLeavesALimitAsItIsFromVersion3On() {
        assertEquals(0, linux.status(PERFORMANCE, 5, CPU, L300, 0));
        assertEquals(0, linux.status(PERFORMANCE, 5, CPU, 0, L200));
        assertArrayEquals(new int[] {L300, L200}, limits(linux, CPU));
        assertEquals(INVALID, linux.status(PERFORMANCE, 5, CPU, 0, L600), "above the upper one that stays");
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 5, CPU, 0, 0));
        assertEquals(0, linux.status(PERFORMANCE, 0x10, 0x20000));
        assertEquals(OUT_OF_RANGE, linux.status(PERFORMANCE, 5, CPU, L600, 0));
        assertEquals(INVALID, linux.status(PERFORMANCE, 5, CPU, 0, L200));
    }

    @Test
    void whatCountsIsWhatAllAgentsAllow() {
        assertEquals(0, linux.status(PERFORMANCE, 5, CPU, L600, L200));
        assertEquals(0, zephyr.status(PERFORMANCE, 5, 1, L300, L100));
        assertArrayEquals(new int[] {L300, L200}, limits(tool, 0));
        assertEquals(0, zephyr.status(PERFORMANCE, 5, 1, L100, L100));
        assertArrayEquals(new int[] {L100, L100}, limits(tool, 0), "the upper limit wins");
        zephyr.agent.guestReset();
        assertArrayEquals(new int[] {L600, L200}, limits(tool, 0));
    }

    // ---- Whose level is set.

    @Test
    void theLastWriterWinsUnlessTheServiceFileSaysOtherwise() {
        setLevel(linux, CPU, L600);
        setLevel(zephyr, 1, L200);
        assertEquals(L200, level(linux, CPU));
        zephyr.agent.guestReset();
        assertEquals(L200, level(linux, CPU), "what was asked for before is forgotten");
    }

    @Test
    void theHighestWishCountsWhereTheServiceFileSaysSo() throws Exception {
        startWith(new ArbitrationPolicy.Highest());
        setLevel(linux, CPU, L600);
        assertEquals(0, setLevel(zephyr, 1, L200));
        assertEquals(L600, level(zephyr, 1));
        linux.agent.guestReset();
        assertEquals(L200, level(zephyr, 1), "a wish of somebody who is gone does not count");
        zephyr.agent.guestReset();
        assertEquals(L200, level(tool, 0), "nobody asks for another one");
    }

    @Test
    void onlyTheOwnerDecidesWhereThereIsOne() throws Exception {
        startWith(new ArbitrationPolicy.Owner("zephyr"));
        assertEquals(DENIED, linux.status(PERFORMANCE, 7, CPU, L200));
        assertEquals(DENIED, linux.status(PERFORMANCE, 5, CPU, L200, L100));
        assertEquals(0x30000000, linux.call(PERFORMANCE, 3, CPU)[1], "the attributes say so");
        assertEquals(0, zephyr.status(PERFORMANCE, 7, 1, L200));
    }

    // ---- Notifications.

    @Test
    void whoSubscribedIsToldOfALevelWhenItIsReached() {
        assertEquals(0, watcher.status(PERFORMANCE, 0xA, 0, 1));
        assertEquals(0, linux.status(PERFORMANCE, 0xA, CPU, 1));
        linux.call(PERFORMANCE, 7, CPU, L600);
        assertEquals(List.of(), watcher.events.take(), "the supply settles");
        bench.loop.passMillis(2);
        assertEquals(List.of(levelEvent(1, 0, L600)), watcher.events.take());
        assertEquals(List.of(levelEvent(1, CPU, L600)), linux.events.take(), "who caused it, too");
        linux.call(PERFORMANCE, 7, CPU, L600);
        assertEquals(List.of(), watcher.events.take(), "it is no other level");
    }

    @Test
    void aLevelThatTheClockProtocolChangedIsToldToo() {
        watcher.call(PERFORMANCE, 0xA, 0, 1);
        linux.call(PERFORMANCE, 0xA, CPU, 1);
        assertEquals(0, tool.status(CLOCK, 5, 0, 0, 200_000_000, 0));
        assertEquals(List.of(levelEvent(3, 0, L200)), watcher.events.take());
        assertEquals(List.of(levelEvent(3, CPU, L200)), linux.events.take());
        assertEquals(L200, level(linux, CPU));
        assertEquals(0, tool.status(CLOCK, 5, 0, 0, 600_000_000, 0));
        assertEquals(2, bench.cru.read(0x10), "the supply follows");
    }

    @Test
    void whoSubscribedIsToldOfLimitsThatChanged() {
        assertEquals(0, watcher.status(PERFORMANCE, 9, 0, 1));
        zephyr.call(PERFORMANCE, 9, 1, 1);
        linux.call(PERFORMANCE, 9, CPU, 1);
        linux.call(PERFORMANCE, 5, CPU, L300, L100);
        assertEquals(List.of(limitsEvent(1, 0, L300, L100)), watcher.events.take());
        assertEquals(List.of(limitsEvent(1, CPU, L300, L100)), linux.events.take(), "who set them, too");
        assertEquals(List.of(limitsEvent(1, 1, L300, L100)), zephyr.events.take());
        linux.call(PERFORMANCE, 5, CPU, L300, L100);
        assertEquals(List.of(), watcher.events.take(), "they are the same");
        assertEquals(List.of(), linux.events.take(), "and are those that it asked for");
        linux.agent.guestReset();
        bench.loop.settle();
        assertEquals(List.of(limitsEvent(0, 0, L600, L100)), watcher.events.take(), "the platform's doing");
    }

    @Test
    void anAgentWhoseLimitsAreOverruledIsToldThoseThatCount() {
        zephyr.call(PERFORMANCE, 5, 1, L300, L200);
        zephyr.call(PERFORMANCE, 9, 1, 1);
        linux.call(PERFORMANCE, 9, CPU, 1);
        linux.call(PERFORMANCE, 5, CPU, L600, L600);
        assertArrayEquals(new int[] {L300, L300}, limits(linux, CPU), "the lowest of the upper limits wins");
        assertEquals(List.of(limitsEvent(1, CPU, L300, L300)), linux.events.take(), "the lower one has moved");
        assertEquals(List.of(limitsEvent(1, 1, L300, L300)), zephyr.events.take());
        linux.call(PERFORMANCE, 5, CPU, L600, L600);
        assertEquals(List.of(limitsEvent(1, CPU, L300, L300)), linux.events.take(), "nothing has moved, but it asked");
        assertEquals(List.of(), zephyr.events.take(), "nothing has moved for anybody else");
        linux.call(PERFORMANCE, 9, CPU, 0);
        linux.call(PERFORMANCE, 5, CPU, L600, L600);
        assertEquals(List.of(), linux.events.take(), "it has not subscribed");
    }

    @Test
    void eachIsToldInItsOwnWords() {
        zephyr.call(PERFORMANCE, 0x10, 0x30000);
        zephyr.call(PERFORMANCE, 0xA, 0, 1);
        zephyr.call(PERFORMANCE, 9, 0, 1);
        linux.call(PERFORMANCE, 7, GPU, 2);
        assertEquals(List.of(levelEvent(1, 0, 20)), zephyr.events.take());
        linux.call(PERFORMANCE, 5, GPU, 2, 1);
        assertEquals(List.of(limitsEvent(1, 0, 20, 10)), zephyr.events.take());
    }

    @Test
    void whoUnsubscribesIsNotTold() {
        watcher.call(PERFORMANCE, 0xA, 0, 1);
        watcher.events.free = 0;
        setLevel(linux, CPU, L200);
        watcher.call(PERFORMANCE, 0xA, 0, 0);
        watcher.events.free = 10;
        watcher.agent.flushEvents();
        assertEquals(List.of(), watcher.events.take());
    }

    @Test
    void reservedBitsOfNotifyEnableAreInvalid() {
        for (int bit = 1; bit < 32; bit++) {
            assertEquals(INVALID, linux.status(PERFORMANCE, 9, CPU, 1 << bit | 1));
            assertEquals(INVALID, linux.status(PERFORMANCE, 0xA, CPU, 1 << bit));
        }
    }

    @Test
    void subscribingNeedsAChannel() {
        Bench.Peer silent = watcher.withoutEvents();
        assertEquals(NOT_SUPPORTED, silent.status(PERFORMANCE, 9, 0, 1));
        assertEquals(0, silent.call(PERFORMANCE, 3, 0)[1]);
    }

    // ---- Restarts.

    @Test
    void aRestartedServiceGoesOnWithLimitsAndLevelsAndWritesNothing() throws Exception {
        AgentStateStore store = AgentStateStore.open(directory.resolve("state"));
        Agent.Presence presence = new Agent.Presence(false, 10_000);
        var grants = Map.of(ResourceKind.PERFORMANCE_DOMAIN, Bench.grants("cpu", GPU_NAME));
        Board board = Bench.board(directory, BOARD);
        Windows windows = Windows.open(board, true);
        Bench first = new Bench(board, windows);
        Bench.Peer before = first.agent("linux", store, presence, grants).withEvents();
        before.call(PERFORMANCE, 7, CPU, L300);
        first.loop.passMillis(2);
        before.call(PERFORMANCE, 5, CPU, L200, L100);
        before.agent.close();
        assertEquals(2, first.cru.read(0x0));
        first.cru.write(0x0, 5); // somebody has changed it meanwhile

        Bench second = new Bench(board, windows);
        Bench.Peer after = second.agent("linux", store, presence, grants).withEvents();
        second.core.resume(false);
        assertEquals(5, second.cru.read(0x0));
        assertArrayEquals(new int[] {L200, L100}, limits(after, CPU));
        after.call(PERFORMANCE, 5, CPU, L600, L100);
        second.loop.passMillis(2);
        assertEquals(L300, level(after, CPU), "the level that was asked for before");
        store.close();
    }
}
