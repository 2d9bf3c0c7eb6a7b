// The Voltage protocol, message by message, in bytes: layouts, behaviour, errors.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.Status;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.state.AgentStateStore;

class VoltageProtocolTest {
    private static final int VOLTAGE = 0x17;

    private static final int NOT_FOUND = Status.Code.NOT_FOUND;
    private static final int DENIED = Status.Code.DENIED;
    private static final int NOT_SUPPORTED = Status.Code.NOT_SUPPORTED;
    private static final int INVALID = Status.Code.INVALID_PARAMETERS;
    private static final int OUT_OF_RANGE = Status.Code.OUT_OF_RANGE;
    private static final int PROTOCOL_ERROR = Status.Code.PROTOCOL_ERROR;

    /** Levels are in cru+0x100 (sd), 0x104 (io), 0x108 (core), 0x110 (cpu); bits of 0x120 switch sd and io. */
    private static final String BOARD = """
            board: bench
            registers:
              cru: { at: 0x1000, size: 4 KiB, access: simulated, initial: { 0x100: 7, 0x104: 9, 0x108: 16, 0x120: 2 } }
            clocks:
              osc: { fixed: 24 MHz }
            voltage-domains:
              sd:
                levels: [1.8 V, 3.3 V]
                level: { register: cru+0x100, bits: 3..0, values: [2, 7] }
                enable: { register: cru+0x120, bit: 0 }
                settle: 2 ms
                asynchronous: true
              io-supply-with-a-long-name:
                levels: [1 V, 1.1 V, 1.2 V, 1.3 V, 1.4 V, 1.5 V, 1.6 V, 1.7 V, 1.8 V, 1.9 V]
                level: { register: cru+0x104, bits: 3..0 }
                enable: { register: cru+0x120, bit: 1, active: high }
              core:
                range: { min: 600 mV, max: 1.3 V, step: 12.5 mV }
                level: { register: cru+0x108, bits: 7..0, start: 16 }
              fixed: { levels: [5 V] }
              cpu: { levels: [800 mV, 1 V], level: { register: cru+0x110, bit: 0 } }
            performance-domains:
              cpu: { clock: osc, voltage-domain: cpu, levels: [{ frequency: 24 MHz, voltage: 800 mV }] }
            """;

    private static final String LONG = "io-supply-with-a-long-name";

    // linux's ids
    private static final int SD = 0;
    private static final int IO = 1;
    private static final int CORE = 2;
    private static final int FIXED = 3;
    private static final int CPU = 4;
    private static final int HIDDEN = 5;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    /** Has events. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer linux;

    /** Has events; may read sd (0), be notified of io (1), control core (2). */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer zephyr;

    /** Has no events; controls sd (0) and io (1). */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer tool;

    @BeforeEach
    void threeAgents() throws Exception {
        start(ArbitrationSpec.NONE);
    }

    private void start(ArbitrationSpec arbitration) throws Exception {
        Board board = Bench.board(directory, BOARD);
        bench = new Bench(board, List.of(), arbitration, Windows.open(board, true), OpenedGates.inMemory());
        linux = agent("linux", "sd", LONG, "core", "fixed", "cpu").withEvents();
        zephyr = agent("zephyr", "sd: read", LONG + ": notify", "core", "fixed: none")
                .withEvents();
        tool = agent("tool", "sd", LONG).withoutEvents();
    }

    private void startWith(String supply, ArbitrationPolicy policy) throws Exception {
        start(new ArbitrationSpec(Map.of(ResourceKind.VOLTAGE_DOMAIN, Map.of(supply, policy))));
    }

    private Bench.Peer agent(String name, String... grants) throws Exception {
        return bench.agent(name, Map.of(ResourceKind.VOLTAGE_DOMAIN, Bench.grants(grants)));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    // ---- What there is.

    @Test
    void versionAndProtocolAttributes() {
        assertArrayEquals(new int[] {0, 0x20001}, linux.call(VOLTAGE, 0));
        assertArrayEquals(new int[] {0, 5}, linux.call(VOLTAGE, 1));
        assertArrayEquals(new int[] {0, 2}, tool.call(VOLTAGE, 1));
    }

    @Test
    void anAgentWithoutSuppliesIsNotOfferedTheProtocol() throws Exception {
        Bench.Peer other = bench.agent("other", "osc").withEvents();
        assertEquals(NOT_SUPPORTED, other.status(VOLTAGE, 0));
    }

    @Test
    void messageAttributesAgreeWithWhatIsThere() {
        for (int message : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x10}) {
            assertArrayEquals(new int[] {0, 0}, linux.call(VOLTAGE, 2, message), "message " + message);
        }
        for (int message : new int[] {0xA, 0xF, 0x11, 0x100, -1}) {
            assertEquals(NOT_FOUND, linux.status(VOLTAGE, 2, message));
        }
        assertEquals(NOT_FOUND, linux.status(VOLTAGE, 0xA));
    }

    @Test
    void domainAttributesByteForByte() {
        // voltage 0x17, message 3, token 1; sd: asynchronous
        assertArrayEquals(
                bytes("03 5c 04 00  00 00 00 00  00 00 00 80  73 64 00 00 00 00 00 00 00 00 00 00 00 00 00 00"),
                linux.exchange(bytes("03 5c 04 00  00 00 00 00"), 64));
    }

    @Test
    void attributeBitsFollowTheDomainTheChannelAndTheVersion() {
        assertEquals(0x40000000, linux.call(VOLTAGE, 3, IO)[1], "a long name");
        assertEquals(0, linux.call(VOLTAGE, 3, CORE)[1]);
        assertEquals(0, tool.call(VOLTAGE, 3, 0)[1], "no channel: nothing asynchronous");
        assertEquals(0, linux.status(VOLTAGE, 0x10, 0x10000));
        assertEquals(0, linux.call(VOLTAGE, 3, SD)[1]);
        assertEquals(0, linux.call(VOLTAGE, 3, IO)[1]);
        assertEquals(0, linux.status(VOLTAGE, 0x10, 0x20000));
        assertEquals(0x80000000, linux.call(VOLTAGE, 3, SD)[1]);
    }

    @Test
    void longNamesAreAskedForByNameGet() {
        int[] name = linux.call(VOLTAGE, 9, IO);
        assertEquals(1 + 17, name.length);
        assertEquals('i' | ('o' << 8) | ('-' << 16) | ('s' << 24), name[2]);
        assertEquals(NOT_SUPPORTED, linux.status(VOLTAGE, 9, SD));
        assertEquals(0, linux.status(VOLTAGE, 0x10, 0x10000));
        assertEquals(NOT_FOUND, linux.status(VOLTAGE, 9, IO), "not in 1.0");
    }

    @Test
    void negotiationTakesThePublishedVersionsOnly() {
        for (int version : new int[] {0x10000, 0x20000, 0x20001}) {
            assertEquals(0, linux.status(VOLTAGE, 0x10, version));
        }
        for (int version : new int[] {0, 0x10001, 0x20002, 0x30000}) {
            assertEquals(NOT_SUPPORTED, linux.status(VOLTAGE, 0x10, version));
        }
    }

    @Test
    void everyCommandOnAHiddenOrMissingSupplyIsNotFound() {
        for (int supply : new int[] {HIDDEN, 0x10000, -1}) {
            for (int message : new int[] {3, 6, 8, 9}) {
                assertEquals(NOT_FOUND, linux.status(VOLTAGE, message, supply));
            }
            assertEquals(NOT_FOUND, linux.status(VOLTAGE, 4, supply, 0));
            assertEquals(NOT_FOUND, linux.status(VOLTAGE, 5, supply, 7));
            assertEquals(NOT_FOUND, linux.status(VOLTAGE, 7, supply, 0, 1_800_000));
        }
        assertEquals(NOT_FOUND, zephyr.status(VOLTAGE, 3, 3), "permission none");
        assertArrayEquals(new int[] {0, 4}, zephyr.call(VOLTAGE, 1), "but its id is counted");
    }

    @Test
    void payloadsOfTheWrongLengthAreProtocolErrors() {
        int[] words = {0, 0, 0, 1, 2, 2, 1, 3, 1, 1}; // by message, from 0
        for (int message = 0; message < words.length; message++) {
            for (int length = 0; length <= 4; length++) {
                if (length != words[message] && message != 2) {
                    assertEquals(
                            PROTOCOL_ERROR,
                            linux.status(VOLTAGE, message, new int[length]),
                            "message " + message + " with " + length + " words");
                }
            }
        }
    }

    // ---- Levels.

    @Test
    void aListIsDescribedFromAnyIndexInAnyBuffer() {
        assertArrayEquals(
                new int[] {
                    0, 10, 1_000_000, 1_100_000, 1_200_000, 1_300_000, 1_400_000, 1_500_000, 1_600_000, 1_700_000,
                    1_800_000, 1_900_000
                },
                linux.call(VOLTAGE, 4, IO, 0));
        for (int capacity = 16; capacity <= 64; capacity++) {
            for (int start = 0; start < 10; start++) {
                List<Integer> levels = new ArrayList<>();
                while (start + levels.size() < 10) {
                    int index = start + levels.size();
                    int[] reply = linux.callWithin(capacity, VOLTAGE, 4, IO, index);
                    int returned = reply[1] & 0xFFF;
                    assertEquals(Math.min(10 - index, (capacity - 12) / 4), returned);
                    assertEquals(10 - index - returned, reply[1] >>> 16);
                    assertEquals(2 + returned, reply.length);
                    for (int i = 0; i < returned; i++) {
                        levels.add(reply[2 + i]);
                    }
                }
                assertEquals(1_000_000 + 100_000 * start, levels.getFirst());
                assertEquals(1_900_000, levels.getLast());
            }
        }
        for (int capacity = 8; capacity < 16; capacity++) {
            assertArrayEquals(new int[] {PROTOCOL_ERROR}, linux.callWithin(capacity, VOLTAGE, 4, IO, 0));
        }
        assertEquals(OUT_OF_RANGE, linux.status(VOLTAGE, 4, IO, 10));
        assertEquals(OUT_OF_RANGE, linux.status(VOLTAGE, 4, IO, -1));
    }

    @Test
    void aRangeIsThreeValuesOrNothing() {
        assertArrayEquals(new int[] {0, 0x1003, 600_000, 1_300_000, 12_500}, linux.call(VOLTAGE, 4, CORE, 0));
        assertEquals(OUT_OF_RANGE, linux.status(VOLTAGE, 4, CORE, 1));
        assertArrayEquals(new int[] {PROTOCOL_ERROR}, linux.callWithin(23, VOLTAGE, 4, CORE, 0));
        assertEquals(5, linux.callWithin(24, VOLTAGE, 4, CORE, 0).length);
    }

    @Test
    void aFixedSupplyHasOneLevel() {
        assertArrayEquals(new int[] {0, 1, 5_000_000}, linux.call(VOLTAGE, 4, FIXED, 0));
        assertArrayEquals(new int[] {0, 5_000_000}, linux.call(VOLTAGE, 8, FIXED));
        assertEquals(0, linux.status(VOLTAGE, 7, FIXED, 0, 5_000_000));
        assertEquals(INVALID, linux.status(VOLTAGE, 7, FIXED, 0, 4_999_999));
        assertArrayEquals(new int[] {0, 7}, linux.call(VOLTAGE, 6, FIXED));
    }

    @Test
    void theLevelIsSetInTheRegisterAndReadFromIt() {
        assertArrayEquals(new int[] {0, 1_900_000}, linux.call(VOLTAGE, 8, IO));
        assertEquals(0, linux.status(VOLTAGE, 7, IO, 0, 1_200_000));
        assertEquals(2, bench.cru.read(0x104));
        assertArrayEquals(new int[] {0, 1_200_000}, tool.call(VOLTAGE, 8, 1), "it is the same for all");
        bench.cru.write(0x104, 0);
        assertArrayEquals(new int[] {0, 1_000_000}, linux.call(VOLTAGE, 8, IO));
        bench.cru.write(0x104, 15);
        assertEquals(Status.Code.GENERIC_ERROR, linux.status(VOLTAGE, 8, IO), "no level has this value");
        assertEquals(0, linux.status(VOLTAGE, 7, CORE, 0, 1_300_000));
        assertEquals(72, bench.cru.read(0x108));
    }

    @Test
    void whatIsNoLevelIsInvalid() {
        for (int level : new int[] {0, -1, 999_999, 1_000_001, 1_900_001, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertEquals(INVALID, linux.status(VOLTAGE, 7, IO, 0, level), level + " uV");
        }
        for (int level : new int[] {599_999, 600_001, 1_300_001, 1_312_500}) {
            assertEquals(INVALID, linux.status(VOLTAGE, 7, CORE, 0, level), level + " uV");
        }
        assertEquals(9, bench.cru.read(0x104));
    }

    @Test
    void whatIsNoLevelIsInvalidBeforeAnythingElse() {
        assertEquals(INVALID, linux.status(VOLTAGE, 7, CPU, 0, 1), "of a supply that nobody may set");
        assertEquals(INVALID, linux.status(VOLTAGE, 7, IO, 1, 1), "of one that is not set asynchronously");
    }

    @Test
    void reservedFlagsAreInvalid() {
        for (int bit = 1; bit < 32; bit++) {
            assertEquals(INVALID, linux.status(VOLTAGE, 7, IO, 1 << bit, 1_200_000), "bit " + bit);
        }
        assertEquals(0, linux.status(VOLTAGE, 0x10, 0x10000));
        assertEquals(INVALID, linux.status(VOLTAGE, 7, SD, 1, 1_800_000), "1.0 has no flag at all");
    }

    @Test
    void whoMayNotControlIsDenied() {
        assertEquals(DENIED, zephyr.status(VOLTAGE, 7, 0, 0, 1_800_000));
        assertEquals(DENIED, zephyr.status(VOLTAGE, 5, 1, 7));
        assertEquals(0, zephyr.status(VOLTAGE, 8, 0));
    }

    @Test
    void aSupplyThatAPerformanceDomainSetsCanOnlyBeRead() {
        assertEquals(DENIED, linux.status(VOLTAGE, 7, CPU, 0, 1_000_000));
        assertArrayEquals(new int[] {0, 800_000}, linux.call(VOLTAGE, 8, CPU));
        assertEquals(0, linux.status(VOLTAGE, 5, CPU, 7), "it is on");
        assertEquals(DENIED, linux.status(VOLTAGE, 5, CPU, 0));
        assertEquals(DENIED, linux.status(VOLTAGE, 5, CPU, 8), "another word for off");
        assertArrayEquals(new int[] {0, 7}, linux.call(VOLTAGE, 6, CPU), "it stays on");
    }

    // ---- Time.

    @Test
    void theReplyToASlowChangeComesWhenItHasSettledAndDelaysNobodyElse() {
        assertEquals(0, linux.call(VOLTAGE, 7, SD, 0, 1_800_000).length, "not yet");
        assertEquals(2, bench.cru.read(0x100), "but the register is written");
        assertArrayEquals(new int[] {0, 1_800_000}, zephyr.call(VOLTAGE, 8, 0));
        bench.loop.passMillis(1);
        assertNull(linux.deferredReply());
        assertArrayEquals(new int[] {0}, linux.awaitReply(1));
        assertEquals(0, linux.status(VOLTAGE, 7, SD, 0, 1_800_000), "nothing changes, at once");
    }

    @Test
    void twoAgentsWaitForTheSameSupplyEachForItsOwnTime() {
        linux.call(VOLTAGE, 7, SD, 0, 1_800_000);
        bench.loop.passMillis(1);
        tool.call(VOLTAGE, 7, 0, 0, 3_300_000);
        assertNull(linux.deferredReply());
        bench.loop.passMillis(1);
        assertArrayEquals(new int[] {0}, linux.deferredReply(), "what the other one changed after it does not count");
        assertNull(tool.deferredReply());
        bench.loop.passMillis(1);
        assertArrayEquals(new int[] {0}, tool.deferredReply());
        assertArrayEquals(new int[] {0, 3_300_000}, linux.call(VOLTAGE, 8, SD), "the last writer");
    }

    @Test
    void whoChangesASupplyAgainAndAgainKeepsNobodyWaiting() {
        tool.call(VOLTAGE, 7, 0, 0, 1_800_000);
        for (int i = 0; i < 20; i++) {
            bench.loop.passMicros(1_900);
            assertEquals(0, linux.call(VOLTAGE, 7, SD, 0, 3_300_000).length);
            bench.loop.passMicros(100);
            tool.deferredReply();
            tool.call(VOLTAGE, 7, 0, 0, 1_800_000);
            bench.loop.passMicros(1_900);
            assertArrayEquals(new int[] {0}, linux.deferredReply(), "round " + i);
            bench.loop.passMicros(100);
            tool.deferredReply();
        }
    }

    @Test
    void anAgentThatWentAwayGetsNoReply() {
        linux.call(VOLTAGE, 7, SD, 0, 1_800_000);
        linux.agent.guestReset();
        bench.loop.passMillis(2);
        assertNull(linux.deferredReply());
        assertEquals(0, linux.status(VOLTAGE, 6, SD));
    }

    @Test
    void anAsynchronousChangeIsAcceptedAtOnceAndEndsWithADelayedResponse() {
        assertArrayEquals(new int[] {0}, linux.callWithin(64, VOLTAGE, 7, SD, 1, 1_800_000));
        assertEquals(7, bench.cru.read(0x100), "nothing happens before the reply is published");
        int header = 0x7 | 2 << 8 | VOLTAGE << 10 | linux.lastToken() << 18;
        linux.agent.flushEvents();
        assertEquals(2, bench.cru.read(0x100));
        bench.loop.passMillis(1);
        assertEquals(List.of(), linux.events.take());
        bench.loop.passMillis(1);
        assertEquals(
                List.of(Integer.toHexString(header) + " 0 0 " + Integer.toHexString(1_800_000)), linux.events.take());

        linux.callWithin(64, VOLTAGE, 7, SD, 1, 1_800_000);
        linux.agent.flushEvents();
        assertEquals(1, linux.events.take().size(), "nothing changes, so nothing has to settle");
    }

    @Test
    void asynchronousChangesAreRefusedAtOnceIfTheyCannotBe() {
        assertEquals(NOT_SUPPORTED, linux.status(VOLTAGE, 7, IO, 1, 1_200_000), "the supply does not offer it");
        assertEquals(NOT_SUPPORTED, tool.status(VOLTAGE, 7, 0, 1, 1_800_000), "no channel");
        assertEquals(INVALID, linux.status(VOLTAGE, 7, SD, 1, 1_800_001));
        assertEquals(List.of(), linux.events.take());
    }

    @Test
    void aNinthUnfinishedChangeIsBusy() {
        for (int i = 0; i < 8; i++) {
            assertArrayEquals(
                    new int[] {0}, linux.callWithin(64, VOLTAGE, 7, SD, 1, i % 2 == 0 ? 1_800_000 : 3_300_000));
        }
        assertArrayEquals(new int[] {Status.Code.BUSY}, linux.callWithin(64, VOLTAGE, 7, SD, 1, 1_800_000));
        linux.agent.flushEvents();
        bench.loop.passMillis(2);
        List<String> events = linux.events.take();
        assertEquals(8, events.size());
        assertEquals(3_300_000, Integer.parseInt(events.getFirst().split(" ", -1)[3], 16), "what was reached");
    }

    // ---- On and off.

    @Test
    void switchingOnIsAVoteAndWaitsForTheSupply() {
        assertArrayEquals(new int[] {0, 0}, linux.call(VOLTAGE, 6, SD));
        assertEquals(0, linux.call(VOLTAGE, 5, SD, 7).length);
        assertArrayEquals(new int[] {0}, linux.awaitReply(2));
        assertArrayEquals(new int[] {0, 7}, linux.call(VOLTAGE, 6, SD));
        assertEquals(0, tool.status(VOLTAGE, 5, 0, 7), "it is on, nothing has to settle");
        assertEquals(0, linux.status(VOLTAGE, 5, SD, 7), "again is no second vote");
        assertEquals(0, linux.status(VOLTAGE, 5, SD, 0));
        assertEquals(1, bench.cru.read(0x120) & 1, "the other has it on");
        assertEquals(0, tool.status(VOLTAGE, 5, 0, 0));
        assertArrayEquals(new int[] {0, 0}, linux.call(VOLTAGE, 6, SD));
        assertEquals(0, bench.cru.read(0x120) & 1);
    }

    @Test
    void theVendorsModeZeroIsOff() {
        assertEquals(2, bench.cru.read(0x120) & 2, "the boot loader left it on");
        assertEquals(0, linux.status(VOLTAGE, 5, IO, 8));
        assertArrayEquals(new int[] {0, 0}, linux.call(VOLTAGE, 6, IO));
        assertEquals(0, bench.cru.read(0x120));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 6, 9, 0xF, 0x10, 0x17, 0x80000007, -1})
    void otherModesAndReservedBitsAreInvalid(int config) {
        assertEquals(INVALID, linux.status(VOLTAGE, 5, IO, config));
        assertEquals(2, bench.cru.read(0x120));
    }

    @Test
    void anAgentThatGoesTakesItsVotesAlong() {
        tool.call(VOLTAGE, 5, 1, 7);
        linux.call(VOLTAGE, 5, IO, 7);
        tool.agent.guestReset();
        assertArrayEquals(new int[] {0, 7}, linux.call(VOLTAGE, 6, IO));
        linux.agent.guestReset();
        assertArrayEquals(new int[] {0, 0}, linux.call(VOLTAGE, 6, IO));
    }

    // ---- Whose wish is followed.

    @Test
    void theHighestWishCountsWhereTheServiceFileSaysSo() throws Exception {
        startWith(LONG, new ArbitrationPolicy.Highest());
        assertEquals(0, linux.status(VOLTAGE, 7, IO, 0, 1_500_000));
        assertEquals(0, tool.status(VOLTAGE, 7, 1, 0, 1_200_000));
        assertArrayEquals(new int[] {0, 1_500_000}, tool.call(VOLTAGE, 8, 1));
        assertEquals(0, tool.status(VOLTAGE, 7, 1, 0, 1_600_000));
        assertArrayEquals(new int[] {0, 1_600_000}, tool.call(VOLTAGE, 8, 1));
        tool.agent.guestReset();
        assertArrayEquals(new int[] {0, 1_500_000}, linux.call(VOLTAGE, 8, IO));
        linux.agent.guestReset();
        assertArrayEquals(new int[] {0, 1_500_000}, linux.call(VOLTAGE, 8, IO), "nobody wants another one");
    }

    @Test
    void onlyTheOwnerDecidesWhereThereIsOne() throws Exception {
        startWith(LONG, new ArbitrationPolicy.Owner("tool"));
        assertEquals(DENIED, linux.status(VOLTAGE, 7, IO, 0, 1_500_000));
        assertEquals(0, tool.status(VOLTAGE, 7, 1, 0, 1_500_000));
        assertEquals(0, linux.status(VOLTAGE, 5, IO, 7), "votes are everybody's");
    }

    // ---- Restarts.

    @Test
    void aRestartedServiceCountsTheVotesAndWritesNothing() throws Exception {
        AgentStateStore store = AgentStateStore.open(directory.resolve("state"));
        Agent.Presence presence = new Agent.Presence(false, 10_000);
        var grants = Map.of(ResourceKind.VOLTAGE_DOMAIN, Bench.grants("sd", LONG));
        Board board = Bench.board(directory, BOARD);
        Windows windows = Windows.open(board, true);
        Bench first = new Bench(board, windows);
        Bench.Peer before = first.agent("linux", store, presence, grants).withEvents();
        before.call(VOLTAGE, 5, 1, 7);
        before.agent.close();

        Bench second = new Bench(board, windows);
        Bench.Peer after = second.agent("linux", store, presence, grants).withEvents();
        second.core.resume(false);
        assertEquals(1, second.hardware.supplies().get(LONG).users());
        after.call(VOLTAGE, 5, 1, 0);
        assertEquals(0, second.cru.read(0x120));
        store.close();
    }

    // ---- The demo board, as a suite of tests tries it that sets every supply which it sees.

    private Bench.Peer demoAgent(int version, String... grants) throws Exception {
        Board demo = ConfigFiles.builtInBoard("demo");
        bench = new Bench(demo, List.of(), ArbitrationSpec.NONE, Windows.open(demo, true), OpenedGates.inMemory());
        Bench.Peer agent = agent("suite", grants).withEvents();
        assertEquals(0, agent.status(VOLTAGE, 0x10, version));
        return agent;
    }

    private int[] setLevel(Bench.Peer agent, int supply, int level) {
        int[] reply = agent.call(VOLTAGE, 7, supply, 0, level);
        return reply.length > 0 ? reply : agent.awaitReply(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x10000, 0x20001})
    void aSupplyOfTheDemoBoardCanBeSetAndReadAndOtherLevelsAreRefused(int version) throws Exception {
        Bench.Peer suite = demoAgent(version, "vdd-sd");
        int before = suite.call(VOLTAGE, 8, 0)[1];
        int[] levels = suite.call(VOLTAGE, 4, 0, 0);
        int first = levels[2];
        int step = levels[3] - first;
        assertArrayEquals(new int[] {0}, setLevel(suite, 0, first));
        assertArrayEquals(new int[] {0, first}, suite.call(VOLTAGE, 8, 0));
        assertArrayEquals(new int[] {0}, setLevel(suite, 0, before));
        assertEquals(INVALID, suite.status(VOLTAGE, 7, 0, 0, first - step));
        assertEquals(INVALID, suite.status(VOLTAGE, 7, 0, 1, first - step), "asynchronously");
        assertEquals(INVALID, suite.status(VOLTAGE, 7, 0, 2, first), "a reserved flag");
        int asynchronously = suite.status(VOLTAGE, 7, 0, 1, first);
        assertEquals(version == 0x10000 ? INVALID : NOT_SUPPORTED, asynchronously, "reserved before 2.0");
    }

    @Test
    void theSupplyOfTheDemoBoardThatFollowsAPerformanceDomainIsLeftToIt() throws Exception {
        Bench.Peer suite = demoAgent(0x20001, "vdd-sd", "vdd-cpu");
        assertEquals(DENIED, suite.status(VOLTAGE, 7, 1, 0, 600_000));
    }
}
