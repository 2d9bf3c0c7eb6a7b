// The Power domain protocol, message by message, in bytes: layouts, behaviour, errors.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.scmid.config.register.WindowSpec;
import org.scmid.config.resource.ResourceKind;
import org.scmid.platform.register.SimulatedWindow;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.Status;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.state.AgentStateStore;

class PowerProtocolTest {
    private static final int POWER = 0x11;
    private static final int CLOCK = Bench.CLOCK;
    private static final int SET = 4;
    private static final int GET = 5;
    private static final int ON = 0;
    private static final int OFF = 0x4000_0000;
    private static final int ASYNC = 1;

    private static final int NOT_FOUND = Status.Code.NOT_FOUND;
    private static final int DENIED = Status.Code.DENIED;
    private static final int NOT_SUPPORTED = Status.Code.NOT_SUPPORTED;
    private static final int INVALID = Status.Code.INVALID_PARAMETERS;
    private static final int BUSY = Status.Code.BUSY;
    private static final int HARDWARE_ERROR = Status.Code.HARDWARE_ERROR;
    private static final int PROTOCOL_ERROR = Status.Code.PROTOCOL_ERROR;

    private static final String LONG_NAME = "a-domain-with-a-long-name";

    /** Bits of cru+0x0: switches; cru+0x4: status, which the test sets; cru+0x8: gates. */
    private static final String BOARD = """
            board: power
            registers:
              cru: { at: 0, size: 256 B, access: simulated }
            clocks:
              osc: { fixed: 24 MHz }
              gpu: { parent: osc, gate: { register: cru+8, bit: 0 } }
              dsp: { parent: osc, gate: { register: cru+8, bit: 1 } }
            power-domains:
              soc:  { switch: { register: cru, bit: 0 } }
              gpu:  { parent: soc, feeds: [gpu], switch: { register: cru, bit: 1 } }
              slow: { switch: { register: cru, bit: 2, status: { register: cru+4, bit: 2 }, timeout: 5 ms } }
              a-domain-with-a-long-name: { switch: { register: cru, bit: 3 } }
              dsp:  { feeds: [dsp], when-in-use: wait, switch: { register: cru, bit: 4 } }
              other: { switch: { register: cru, bit: 5 } }
            """;

    // linux's ids
    private static final int SOC = 0;
    private static final int GPU = 1;
    private static final int SLOW = 2;
    private static final int LONG = 3;
    private static final int DSP = 4;
    private static final int HIDDEN = 5;

    // zephyr's ids
    private static final int Z_SLOW = 0;
    private static final int Z_SOC = 1;
    private static final int Z_GPU = 2;

    @SuppressWarnings("NullAway.Init")
    private Board board;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    /** Has events; may do everything; long name notify, other hidden. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer linux;

    /** Has events. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer zephyr;

    /** Has no events; slow is its 0, soc read-only its 1. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer tool;

    @BeforeEach
    void threeAgents(@TempDir Path directory) throws Exception {
        board = Bench.board(directory, BOARD);
        bench = new Bench(board, registers());
        linux = bench.agent(
                        "linux",
                        Map.of(
                                ResourceKind.POWER_DOMAIN,
                                Bench.grants("soc", "gpu", "slow", LONG_NAME + ": notify", "dsp", "other: none"),
                                ResourceKind.CLOCK,
                                Bench.grants("gpu", "dsp")))
                .withEvents();
        zephyr = bench.agent("zephyr", Map.of(ResourceKind.POWER_DOMAIN, Bench.grants("slow", "soc", "gpu")))
                .withEvents();
        tool = bench.agent("tool", Map.of(ResourceKind.POWER_DOMAIN, Bench.grants("slow", "soc: read")))
                .withoutEvents();
    }

    /** Registers that nothing but the service and this test changes. */
    private Windows registers() {
        WindowSpec spec = board.registers().get("cru");
        if (spec == null) {
            throw new AssertionError("no window");
        }
        return Windows.of(board, Map.of("cru", new SimulatedWindow(spec)));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private long switches() {
        return bench.cru.read(0);
    }

    /** Hardware says now that slow is on or off. */
    private void slowIs(boolean on) {
        bench.cru.write(4, on ? 4 : 0);
    }

    // ---- What there is.

    @Test
    void theProtocolIsOfferedToThoseWhoHaveDomains() throws Exception {
        Bench.Peer nobody = bench.agent("nobody", Map.of()).withEvents();
        assertEquals(NOT_SUPPORTED, nobody.status(POWER, 0));
        assertArrayEquals(new int[] {0, 0x30001}, linux.call(POWER, 0));
        assertArrayEquals(new int[] {0, 2, 0x1411}, linux.call(Bench.BASE, 6, 0));
    }

    @Test
    void protocolAttributesCountDomainsAndHaveNoStatistics() {
        assertArrayEquals(new int[] {0, 6, 0, 0, 0}, linux.call(POWER, 1));
        assertArrayEquals(new int[] {0, 2, 0, 0, 0}, tool.call(POWER, 1));
    }

    @Test
    void domainAttributesByteForByte() {
        // power 0x11, message 3, token 1
        assertArrayEquals(
                bytes("03 44 04 00  00 00 00 00  00 00 00 f0  67 70 75 00 00 00 00 00 00 00 00 00 00 00 00 00"),
                linux.exchange(bytes("03 44 04 00  01 00 00 00"), 64));
    }

    @Test
    void attributeBitsFollowPermissionAndChannel() {
        assertEquals(0xF000_0000, linux.call(POWER, 3, SOC)[1]);
        assertEquals(0x9800_0000, linux.call(POWER, 3, LONG)[1], "notify only, extended name");
        assertEquals(0x2000_0000, tool.call(POWER, 3, 0)[1], "no channel: nothing asynchronous, no notifications");
        assertEquals(0, tool.call(POWER, 3, 1)[1], "read only");
        assertEquals(NOT_FOUND, linux.status(POWER, 3, HIDDEN));
        assertEquals(NOT_FOUND, linux.status(POWER, 3, 6));
        assertEquals(NOT_FOUND, linux.status(POWER, 3, -1));
    }

    @ParameterizedTest
    @CsvSource({"0x10000, 80000000", "0x20000, 80000000", "0x21000, 90000000", "0x30000, 98000000", "0x30001, 98000000"
    })
    void attributeBitsAreThoseOfTheVersion(String version, String attributes) {
        assertEquals(0, linux.status(POWER, 0x10, Integer.decode(version)));
        assertEquals(Integer.parseUnsignedInt(attributes, 16), linux.call(POWER, 3, LONG)[1]);
    }

    @Test
    void longNamesAreAskedForByNameGet() {
        int[] name = linux.call(POWER, 8, LONG);
        assertEquals(1 + 17, name.length);
        assertEquals(0, name[1]);
        assertEquals('a' | ('-' << 8) | ('d' << 16) | ('o' << 24), name[2]);
        assertEquals(NOT_SUPPORTED, linux.status(POWER, 8, SOC));
        assertEquals(NOT_FOUND, linux.status(POWER, 8, HIDDEN));
    }

    @Test
    void messageAttributesSayWhatIsThere() {
        for (int message : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 0x10}) {
            assertArrayEquals(new int[] {0, 0}, linux.call(POWER, 2, message), "message " + message);
        }
        assertEquals(NOT_FOUND, linux.status(POWER, 2, 9));
        assertEquals(NOT_FOUND, tool.status(POWER, 2, 6), "no channel");
        assertEquals(NOT_FOUND, tool.status(POWER, 2, 7), "no channel");
    }

    @Test
    void messagesYoungerThanTheVersionAreNotFound() {
        assertEquals(0, linux.status(POWER, 0x10, 0x20000));
        assertEquals(0, linux.status(POWER, 7, SOC, 1));
        assertEquals(NOT_FOUND, linux.status(POWER, 8, LONG));
        assertEquals(0, linux.status(POWER, 0x10, 0x10000));
        assertEquals(NOT_FOUND, linux.status(POWER, 7, SOC, 1));
        assertEquals(NOT_FOUND, linux.status(POWER, 2, 7));
        assertEquals(0, linux.status(POWER, 6, SOC, 1));
        assertEquals(NOT_SUPPORTED, linux.status(POWER, 0x10, 0x30002));
        assertEquals(NOT_SUPPORTED, linux.status(POWER, 0x10, 0x20001));
    }

    @Test
    void unknownMessagesAreNotFound() {
        for (int message : new int[] {9, 0xA, 0xF, 0x11, 0xFF}) {
            assertEquals(NOT_FOUND, linux.status(POWER, message), "message " + message);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x10000, 0x20000, 0x21000, 0x30000, 0x30001})
    void requestsOfTheWrongLengthAreProtocolErrorsInEveryVersion(int version) {
        assertEquals(0, linux.status(POWER, 0x10, version));
        int[] words = {0, 0, 1, 1, 3, 1, 2};
        for (int message = 0; message < words.length; message++) {
            for (int length = 0; length <= 4; length++) {
                if (length != words[message]) {
                    assertEquals(PROTOCOL_ERROR, linux.status(POWER, message, new int[length]), message + " " + length);
                }
            }
        }
        assertEquals(0, switches());
    }

    @Test
    void aReplyThatDoesNotFitIsAStatus() {
        assertArrayEquals(new int[] {PROTOCOL_ERROR}, linux.callWithin(24, POWER, 3, SOC));
        assertArrayEquals(new int[] {PROTOCOL_ERROR}, linux.callWithin(8, POWER, GET, SOC));
        assertEquals(6, linux.callWithin(28, POWER, 3, SOC).length);
    }

    // ---- On and off.

    @Test
    void aDomainIsSwitchedAndReadBack() {
        assertArrayEquals(new int[] {0, OFF}, linux.call(POWER, GET, GPU));
        assertArrayEquals(new int[] {0}, linux.call(POWER, SET, 0, GPU, ON));
        assertEquals(3, switches(), "with its parent");
        assertArrayEquals(new int[] {0, ON}, linux.call(POWER, GET, GPU));
        assertArrayEquals(new int[] {0, ON}, zephyr.call(POWER, GET, Z_SOC), "others read what hardware says");
        assertEquals(0, linux.status(POWER, SET, 0, GPU, OFF));
        assertArrayEquals(new int[] {0, OFF}, linux.call(POWER, GET, GPU));
        assertEquals(0, switches());
    }

    @Test
    void stateSetByteForByte() {
        assertArrayEquals(
                bytes("04 44 04 00  00 00 00 00"),
                linux.exchange(bytes("04 44 04 00  00 00 00 00  00 00 00 00  00 00 00 00"), 8));
        assertArrayEquals(
                bytes("05 44 04 00  00 00 00 00  00 00 00 00"), linux.exchange(bytes("05 44 04 00  00 00 00 00"), 12));
        assertArrayEquals(
                bytes("04 44 04 00  00 00 00 00"),
                linux.exchange(bytes("04 44 04 00  00 00 00 00  00 00 00 00  00 00 00 40"), 8));
        assertArrayEquals(
                bytes("05 44 04 00  00 00 00 00  00 00 00 40"), linux.exchange(bytes("05 44 04 00  00 00 00 00"), 12));
    }

    @Test
    void aDomainIsOnWhileAnybodyVotesForIt() {
        assertEquals(0, linux.status(POWER, SET, 0, SOC, ON));
        assertEquals(0, zephyr.status(POWER, SET, 0, Z_SOC, ON));
        assertEquals(0, linux.status(POWER, SET, 0, SOC, OFF));
        assertEquals(1, switches());
        assertArrayEquals(new int[] {0, OFF}, linux.call(POWER, GET, SOC), "what it asked for itself");
        assertArrayEquals(new int[] {0, ON}, zephyr.call(POWER, GET, Z_SOC));
        assertEquals(0, zephyr.status(POWER, SET, 0, Z_SOC, OFF));
        assertEquals(0, switches());
    }

    @Test
    void aVoteCountsOnce() {
        assertEquals(0, linux.status(POWER, SET, 0, SOC, ON));
        assertEquals(0, linux.status(POWER, SET, 0, SOC, ON));
        assertEquals(0, linux.status(POWER, SET, 0, SOC, OFF));
        assertEquals(0, switches());
        assertEquals(0, linux.status(POWER, SET, 0, SOC, OFF));
    }

    @Test
    void aDomainThatIsOnSinceTheBootGoesOffWhenSomebodyAsks() {
        bench.cru.write(0, 1);
        assertArrayEquals(new int[] {0, ON}, linux.call(POWER, GET, SOC));
        assertEquals(0, linux.status(POWER, SET, 0, SOC, OFF));
        assertEquals(0, switches());
    }

    @Test
    void illegalStatesAndFlagsAreInvalid() {
        for (int state : new int[] {1, 0x4000_0001, 0x8000_0000, 0xFF00_0000, -1, 0x1000_0000}) {
            assertEquals(INVALID, linux.status(POWER, SET, 0, SOC, state), Integer.toHexString(state));
        }
        for (int flags : new int[] {2, 0xE, 0xF, 0x8000_0000}) {
            assertEquals(INVALID, linux.status(POWER, SET, flags, SOC, ON), Integer.toHexString(flags));
        }
        assertEquals(0, switches());
    }

    @Test
    void whoMayNotIsDeniedAndWhatIsNotThereIsNotFound() {
        assertEquals(DENIED, linux.status(POWER, SET, 0, LONG, ON));
        assertEquals(DENIED, tool.status(POWER, SET, 0, 1, ON));
        assertEquals(NOT_FOUND, linux.status(POWER, SET, 0, HIDDEN, ON));
        assertEquals(NOT_FOUND, linux.status(POWER, SET, 0, 6, ON));
        assertEquals(NOT_FOUND, linux.status(POWER, GET, HIDDEN));
        assertEquals(NOT_FOUND, linux.status(POWER, GET, 0x1_0000));
        assertEquals(NOT_SUPPORTED, tool.status(POWER, SET, ASYNC, 0, ON), "no channel");
    }

    // ---- What is in use.

    @Test
    void aDomainBelowWhichAnotherIsOnIsBusy() {
        assertEquals(0, linux.status(POWER, SET, 0, SOC, ON));
        assertEquals(0, zephyr.status(POWER, SET, 0, Z_GPU, ON));
        assertEquals(BUSY, linux.status(POWER, SET, 0, SOC, OFF));
        assertArrayEquals(new int[] {0, ON}, linux.call(POWER, GET, SOC), "its vote stands");
        assertEquals(0, zephyr.status(POWER, SET, 0, Z_GPU, OFF));
        assertEquals(1, switches());
        assertEquals(0, linux.status(POWER, SET, 0, SOC, OFF));
        assertEquals(0, switches());
    }

    @Test
    void aDomainWhoseClockIsUsedIsBusy() {
        assertEquals(0, linux.status(POWER, SET, 0, GPU, ON));
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        assertEquals(BUSY, linux.status(POWER, SET, 0, GPU, OFF));
        assertEquals(BUSY, linux.status(POWER, SET, ASYNC, GPU, OFF));
        assertEquals(0, linux.status(CLOCK, 7, 0, 0, 0));
        assertEquals(0, linux.status(POWER, SET, 0, GPU, OFF));
        assertEquals(0, switches());
    }

    @Test
    void aDomainThatMayWaitGoesOffWithItsLastClock() {
        assertEquals(0, linux.status(POWER, SET, 0, DSP, ON));
        assertEquals(0, linux.status(CLOCK, 7, 1, 1, 0));
        assertEquals(0, linux.status(POWER, SET, 0, DSP, OFF));
        assertEquals(0x10, switches());
        assertArrayEquals(new int[] {0, OFF}, linux.call(POWER, GET, DSP));
        assertEquals(0, linux.status(CLOCK, 7, 1, 0, 0));
        bench.loop.passMillis(0);
        assertEquals(0, switches());
    }

    // ---- What takes time.

    @Test
    void aReplyComesWhenHardwareIsDone() {
        assertEquals(0, linux.call(POWER, SET, 0, SLOW, ON).length);
        assertEquals(4, switches());
        bench.loop.passMillis(1);
        assertNull(linux.deferredReply());
        assertArrayEquals(new int[] {0, OFF}, zephyr.call(POWER, GET, Z_SLOW), "others go on meanwhile");
        slowIs(true);
        assertArrayEquals(new int[] {0}, linux.awaitReply(1));
        assertArrayEquals(new int[] {0, ON}, linux.call(POWER, GET, SLOW));
    }

    @Test
    void hardwareThatDoesNotSwitchOnIsAnErrorAndTheVoteIsNotTaken() {
        assertEquals(0, linux.call(POWER, SET, 0, SLOW, ON).length);
        bench.loop.passMillis(1);
        assertArrayEquals(new int[] {HARDWARE_ERROR}, linux.awaitReply(5));
        assertEquals(0, bench.hardware.powerDomains().get("slow").votes());
        assertArrayEquals(new int[] {0, OFF}, linux.call(POWER, GET, SLOW));
        assertEquals(0, linux.call(POWER, SET, 0, SLOW, ON).length, "and it may try again");
        slowIs(true);
        assertArrayEquals(new int[] {0}, linux.awaitReply(1));
    }

    @Test
    void hardwareThatDoesNotSwitchOffIsAnErrorAndTheVoteStands() {
        slowIs(true);
        assertArrayEquals(new int[] {0}, linux.call(POWER, SET, 0, SLOW, ON));
        assertEquals(0, linux.call(POWER, SET, 0, SLOW, OFF).length);
        assertArrayEquals(new int[] {HARDWARE_ERROR}, linux.awaitReply(6));
        assertEquals(1, bench.hardware.powerDomains().get("slow").votes());
        assertArrayEquals(new int[] {0, ON}, linux.call(POWER, GET, SLOW));
    }

    @Test
    void twoAgentsWaitForOneTransition() {
        assertEquals(0, linux.call(POWER, SET, 0, SLOW, ON).length);
        assertEquals(0, zephyr.call(POWER, SET, 0, Z_SLOW, ON).length);
        slowIs(true);
        assertArrayEquals(new int[] {0}, linux.awaitReply(1));
        assertArrayEquals(new int[] {0}, zephyr.deferredReply());
        assertEquals(2, bench.hardware.powerDomains().get("slow").votes());
    }

    @Test
    void whoWantsOnWhileAnotherSwitchesOffGetsIt() {
        slowIs(true);
        linux.call(POWER, SET, 0, SLOW, ON);
        assertEquals(0, linux.call(POWER, SET, 0, SLOW, OFF).length);
        assertEquals(0, zephyr.call(POWER, SET, 0, Z_SLOW, ON).length);
        slowIs(false);
        assertArrayEquals(new int[] {0}, linux.awaitReply(1));
        assertNull(zephyr.deferredReply());
        slowIs(true);
        assertArrayEquals(new int[] {0}, zephyr.awaitReply(1));
        assertArrayEquals(new int[] {0, OFF}, linux.call(POWER, GET, SLOW));
    }

    @Test
    void anAgentThatGoesMeanwhileGetsNoReplyAndLeavesNoVote() {
        linux.call(POWER, SET, 0, SLOW, ON);
        linux.agent.guestReset();
        slowIs(true);
        bench.loop.passMillis(1);
        assertNull(linux.deferredReply());
        slowIs(false);
        bench.loop.passMillis(1);
        assertEquals(0, switches(), "on first, then off again, as nobody wants it");
        assertFalse(bench.hardware.powerDomains().get("slow").isSwitching());
    }

    // ---- Asynchronous.

    @Test
    void anAsynchronousCommandIsAnsweredAtOnceAndHasNoDelayedResponse() {
        assertEquals(0, linux.status(POWER, 6, SLOW, 1));
        assertArrayEquals(new int[] {0}, linux.call(POWER, SET, ASYNC, SLOW, ON));
        assertEquals(4, switches());
        assertArrayEquals(new int[] {0, OFF}, linux.call(POWER, GET, SLOW), "what hardware says");
        slowIs(true);
        bench.loop.passMillis(1);
        assertEquals(List.of("4700 1 2 0"), linux.events.take(), "the end is told to the one who asked");
        assertArrayEquals(new int[] {0, ON}, linux.call(POWER, GET, SLOW));
        assertArrayEquals(new int[] {0}, linux.call(POWER, SET, ASYNC, SLOW, OFF));
        slowIs(false);
        bench.loop.passMillis(1);
        assertEquals(List.of("4700 1 2 40000000"), linux.events.take());
    }

    @Test
    void anAsynchronousCommandThatIsDoneAtOnceIsToldToo() {
        assertEquals(0, linux.status(POWER, 6, SOC, 1));
        assertArrayEquals(new int[] {0}, linux.callWithin(8, POWER, SET, ASYNC, SOC, ON));
        assertEquals(0, switches(), "begun only after the reply was published");
        linux.agent.flushEvents();
        bench.loop.settle();
        assertEquals(1, switches());
        assertEquals(List.of("4700 1 0 0"), linux.events.take());
    }

    @Test
    void anAsynchronousCommandThatFailsLeavesNoVote() {
        assertArrayEquals(new int[] {0}, linux.call(POWER, SET, ASYNC, SLOW, ON));
        bench.loop.passMillis(1);
        bench.loop.passMillis(5);
        assertEquals(0, bench.hardware.powerDomains().get("slow").votes());
        assertEquals(List.of(), linux.events.take());
        for (int i = 0; i < 20; i++) { // its slot is free again
            assertArrayEquals(new int[] {0}, linux.call(POWER, SET, ASYNC, SLOW, ON));
            bench.loop.passMillis(6);
            bench.loop.passMillis(6);
        }
    }

    @Test
    void aCommandAfterAnAsynchronousOneWins() {
        linux.call(POWER, SET, ASYNC, SLOW, ON);
        assertEquals(0, linux.call(POWER, SET, 0, SLOW, OFF).length);
        slowIs(true);
        bench.loop.passMillis(1);
        slowIs(false);
        assertArrayEquals(new int[] {0}, linux.awaitReply(1));
        assertEquals(0, switches());
    }

    // ---- Notifications.

    @Test
    void whoSubscribedIsToldOfRequestsAndChanges() {
        assertEquals(0, zephyr.status(POWER, 6, Z_SOC, 1));
        assertEquals(0, zephyr.status(POWER, 7, Z_SOC, 1));
        assertEquals(0, linux.status(POWER, 6, SOC, 1));
        assertEquals(0, linux.status(POWER, 7, SOC, 1));
        linux.call(POWER, SET, 0, SOC, ON);
        assertEquals(List.of("4701 1 1 0", "4700 1 1 0"), zephyr.events.take(), "the request, then the change");
        linux.call(POWER, SET, 0, SOC, ON);
        assertEquals(List.of("4701 1 1 0"), zephyr.events.take(), "a request that changes nothing");
        assertEquals(List.of("4701 1 0 0", "4700 1 0 0", "4701 1 0 0"), linux.events.take(), "who asks is told too");
        linux.call(POWER, SET, 0, SOC, OFF);
        assertEquals(List.of("4701 1 1 40000000", "4700 1 1 40000000"), zephyr.events.take());
    }

    @Test
    void aParentThatChangesWithItsChildIsTold() {
        assertEquals(0, zephyr.status(POWER, 6, Z_SOC, 1));
        assertEquals(0, zephyr.status(POWER, 7, Z_SOC, 1));
        linux.call(POWER, SET, 0, GPU, ON);
        assertEquals(List.of("4700 1 1 0"), zephyr.events.take(), "nobody requested soc itself");
    }

    @Test
    void aChangeThatComesLaterNamesWhoCausedIt() {
        assertEquals(0, zephyr.status(POWER, 6, Z_SLOW, 1));
        tool.call(POWER, SET, 0, 0, ON);
        assertEquals(List.of(), zephyr.events.take());
        slowIs(true);
        bench.loop.passMillis(1);
        assertEquals(List.of("4700 3 0 0"), zephyr.events.take());
    }

    @Test
    void aRefusedRequestIsNotTold() {
        linux.call(POWER, SET, 0, SOC, ON);
        linux.call(POWER, SET, 0, GPU, ON);
        zephyr.call(POWER, 7, Z_SOC, 1);
        assertEquals(BUSY, linux.status(POWER, SET, 0, SOC, OFF));
        assertEquals(INVALID, linux.status(POWER, SET, 0, SOC, 7));
        assertEquals(List.of(), zephyr.events.take());
    }

    @Test
    void subscriptionsEndWhenAskedTo() {
        zephyr.call(POWER, 6, Z_SOC, 1);
        zephyr.call(POWER, 6, Z_SOC, 0);
        linux.call(POWER, SET, 0, SOC, ON);
        assertEquals(List.of(), zephyr.events.take());
    }

    @Test
    void anOldVersionIsNotToldOfRequests() {
        zephyr.call(POWER, 7, Z_SOC, 1);
        assertEquals(0, zephyr.status(POWER, 0x10, 0x10000));
        linux.call(POWER, SET, 0, SOC, ON);
        assertEquals(List.of(), zephyr.events.take());
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7})
    void notifyCommandsCheckWhatTheyAreGiven(int message) {
        assertEquals(0, linux.status(POWER, message, LONG, 1), "notify is enough");
        assertEquals(INVALID, linux.status(POWER, message, SOC, 0xF));
        assertEquals(INVALID, linux.status(POWER, message, SOC, 2));
        assertEquals(NOT_FOUND, linux.status(POWER, message, HIDDEN, 1));
        assertEquals(NOT_FOUND, linux.status(POWER, message, 6, 1));
        assertEquals(DENIED, tool.status(POWER, message, 1, 1), "read only");
        assertEquals(NOT_SUPPORTED, tool.status(POWER, message, 0, 1), "no channel");
    }

    // ---- Coming and going of agents.

    @Test
    void anAgentThatGoesGivesUpItsVotesAndSubscriptions() {
        linux.call(POWER, SET, 0, GPU, ON);
        zephyr.call(POWER, SET, 0, Z_SOC, ON);
        linux.call(POWER, 6, SOC, 1);
        linux.agent.guestReset();
        assertEquals(1, switches(), "zephyr still wants soc");
        zephyr.call(POWER, SET, 0, Z_SOC, OFF);
        assertEquals(0, switches());
        assertEquals(List.of(), linux.events.take());
    }

    @Test
    void anAgentThatNeverVotedTakesNothingWithIt() {
        bench.cru.write(0, 1);
        linux.agent.guestReset();
        assertEquals(1, switches());
        linux.call(POWER, SET, 0, SOC, ON);
        linux.agent.guestReset();
        assertEquals(0, switches(), "on since the boot, until somebody who voted has gone");
    }

    @Test
    void resetAgentConfigurationGivesUpVotes() {
        linux.call(POWER, SET, 0, SOC, ON);
        assertEquals(0, linux.status(Bench.BASE, 0xB, 1, 0));
        assertEquals(0, switches());
        assertArrayEquals(new int[] {0, OFF}, linux.call(POWER, GET, SOC));
    }

    @Test
    void votesSurviveARestartAndNothingIsWritten(@TempDir Path stateFolder) throws Exception {
        AgentStateStore store = AgentStateStore.open(stateFolder);
        Windows hardware = registers();
        Map<ResourceKind, List<org.scmid.config.service.Grant>> grants =
                Map.of(ResourceKind.POWER_DOMAIN, Bench.grants("soc", "gpu", "slow"));
        Bench first = new Bench(board, hardware);
        Bench.Peer before = first.agent("linux", store, new Agent.Presence(false, 10_000), grants)
                .withEvents();
        assertArrayEquals(new int[] {0}, before.call(POWER, SET, 0, GPU, ON));
        assertEquals(0, before.call(POWER, SET, 0, SLOW, ON).length);
        before.agent.close();
        store.close();

        AgentStateStore again = AgentStateStore.open(stateFolder);
        Bench second = new Bench(board, hardware);
        Bench.Peer after = second.agent("linux", again, new Agent.Presence(false, 10_000), grants);
        second.core.resume(false);
        after.withEvents();
        assertEquals(7, second.cru.read(0));
        assertEquals(1, second.hardware.powerDomains().get("gpu").votes());
        assertEquals(0, second.hardware.powerDomains().get("slow").votes(), "hardware says it is off");
        assertEquals(0, after.call(POWER, SET, 0, SLOW, ON).length, "the command comes again");
        second.cru.write(4, 4);
        assertArrayEquals(new int[] {0}, after.awaitReply(1));
        assertArrayEquals(new int[] {0}, after.call(POWER, SET, 0, GPU, OFF));
        assertEquals(5, second.cru.read(0));
        again.close();
    }

    @Test
    void aSimulatedBoardIsBroughtBackToWhatItWas(@TempDir Path stateFolder) throws Exception {
        AgentStateStore store = AgentStateStore.open(stateFolder);
        Map<ResourceKind, List<org.scmid.config.service.Grant>> grants =
                Map.of(ResourceKind.POWER_DOMAIN, Bench.grants("soc", "gpu"));
        Bench first = new Bench(board, registers());
        Bench.Peer before = first.agent("linux", store, new Agent.Presence(false, 10_000), grants)
                .withEvents();
        before.call(POWER, SET, 0, 1, ON);
        before.agent.close();
        store.close();
        AgentStateStore again = AgentStateStore.open(stateFolder);
        Bench second = new Bench(board, registers());
        second.agent("linux", again, new Agent.Presence(false, 10_000), grants);
        second.core.resume(true);
        assertEquals(3, second.cru.read(0));
        again.close();
    }

    @Test
    void switchingAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        byte[] on = bytes("04 44 04 00  00 00 00 00  01 00 00 00  00 00 00 00");
        byte[] off = bytes("04 44 04 00  00 00 00 00  01 00 00 00  00 00 00 40");
        byte[] reply = new byte[64];
        toggle(on, off, reply);
        long before = threads.getCurrentThreadAllocatedBytes();
        toggle(on, off, reply);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 20_000, allocated + " bytes");
    }

    private void toggle(byte[] on, byte[] off, byte[] reply) {
        for (int i = 0; i < 20_000; i++) {
            assertEquals(8, linux.agent.execute(on, on.length, reply, 64));
            assertEquals(8, linux.agent.execute(off, off.length, reply, 64));
        }
    }
}
