// The Clock protocol, message by message, in bytes: layouts, behaviour, errors.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.protocol.Status;
import org.scmid.server.core.agent.AgentMetrics.EventCount;
import org.scmid.server.core.agent.NotificationQueue;

class ClockProtocolTest {
    private static final int CLOCK = Bench.CLOCK;

    private static final int NOT_FOUND = Status.Code.NOT_FOUND;
    private static final int DENIED = Status.Code.DENIED;
    private static final int NOT_SUPPORTED = Status.Code.NOT_SUPPORTED;
    private static final int INVALID = Status.Code.INVALID_PARAMETERS;
    private static final int OUT_OF_RANGE = Status.Code.OUT_OF_RANGE;
    private static final int PROTOCOL_ERROR = Status.Code.PROTOCOL_ERROR;

    // linux's ids
    private static final int UART = 0;
    private static final int BUS = 1;
    private static final int OSC = 2;
    private static final int LONG = 3;
    private static final int HIDDEN = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    /** Has events; osc read-only, long name notify, leaf hidden. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer linux;

    /** Has events; bus is its clock 0, leaf 1, long name 2. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer zephyr;

    /** Has no events; uart and pll. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer tool;

    @BeforeEach
    void threeAgents() throws Exception {
        bench = new Bench(directory);
        linux = bench.agent("linux", "uart", "bus", "osc: read", Bench.LONG_NAME + ": notify", "leaf: none")
                .withEvents();
        zephyr = bench.agent("zephyr", "bus", "leaf", Bench.LONG_NAME).withEvents();
        tool = bench.agent("tool", "uart", "pll").withoutEvents();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    // ---- Attributes, names, permissions.

    @Test
    void protocolAttributesCountClocksAndPendingChanges() {
        assertArrayEquals(new int[] {0, 0x00080005}, linux.call(CLOCK, 1));
        assertArrayEquals(new int[] {0, 0x00000002}, tool.call(CLOCK, 1), "no channel, nothing asynchronous");
    }

    @Test
    void clockAttributesByteForByte() {
        // clock 0x14, message 3, token 1; uart: notifications, parents visible; 50 us
        assertArrayEquals(
                bytes(
                        "03 50 04 00  00 00 00 00  00 00 00 d0  75 61 72 74 00 00 00 00 00 00 00 00 00 00 00 00  32 00 00 00"),
                linux.exchange(bytes("03 50 04 00  00 00 00 00"), 64));
    }

    @Test
    void attributeBitsFollowThePermissionAndTheView() {
        assertEquals(0x00000003, linux.call(CLOCK, 3, OSC)[1], "read-only, a root, always on");
        assertEquals(0xF0000002, linux.call(CLOCK, 3, LONG)[1], "notify: restricted, with notifications");
        assertEquals(0xC0000000, zephyr.call(CLOCK, 3, 0)[1], "its parent osc is not in the view");
        assertEquals(0x10000000, tool.call(CLOCK, 3, 0)[1], "no channel: no notifications");
        assertEquals(NOT_FOUND, linux.status(CLOCK, 3, HIDDEN));
        assertEquals(NOT_FOUND, linux.status(CLOCK, 3, 5));
        assertEquals(NOT_FOUND, linux.status(CLOCK, 3, -1));
    }

    @Test
    void olderVersionsHaveOlderAttributes() {
        assertEquals(0, linux.status(CLOCK, 0x10, 0x20000));
        assertEquals(0xE0000000, linux.call(CLOCK, 3, LONG)[1], "2.0 has neither parents nor permissions");
        assertEquals(7, linux.call(CLOCK, 3, UART).length);
        assertEquals(0, linux.status(CLOCK, 0x10, 0x10000));
        assertArrayEquals(
                new int[] {0, 0, 'u' | ('a' << 8) | ('r' << 16) | ('t' << 24), 0, 0, 0}, linux.call(CLOCK, 3, UART));
    }

    @Test
    void messagesYoungerThanTheNegotiatedVersionAreNotFound() {
        assertEquals(0, linux.status(CLOCK, 0x10, 0x10000));
        for (int message : new int[] {8, 9, 0xA, 0xB, 0xC, 0xD, 0xE, 0xF}) {
            assertEquals(NOT_FOUND, linux.status(CLOCK, message, UART, 0), "message " + message);
            assertEquals(NOT_FOUND, linux.status(CLOCK, 2, message), "attributes of message " + message);
        }
        assertEquals(0, linux.status(CLOCK, 0x10, 0x30000));
        assertEquals(0, linux.status(CLOCK, 0xF, UART));
        assertEquals(NOT_SUPPORTED, linux.status(CLOCK, 0x10, 0x40000));
        assertEquals(0xF0000002, linux.call(CLOCK, 3, LONG)[1], "a refused negotiation changes nothing");
        assertEquals(0x10000000, tool.call(CLOCK, 3, 0)[1], "each agent has its own version");
    }

    @Test
    void longNamesAreCutAndAskedForByNameGet() {
        int[] attributes = linux.call(CLOCK, 3, LONG);
        assertEquals('a' | ('-' << 8) | ('c' << 16) | ('l' << 24), attributes[2]);
        assertEquals(0, attributes[5] >>> 24, "ended by a zero byte");
        int[] name = linux.call(CLOCK, 8, LONG);
        assertEquals(1 + 17, name.length);
        assertEquals(0, name[1]);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 64; i++) {
            int character = (name[2 + i / 4] >>> (8 * (i % 4))) & 0xFF;
            if (character != 0) {
                text.append((char) character);
            }
        }
        assertEquals(Bench.LONG_NAME, text.toString());
        assertEquals(NOT_SUPPORTED, linux.status(CLOCK, 8, UART));
        assertEquals(NOT_FOUND, linux.status(CLOCK, 8, HIDDEN));
    }

    @Test
    void permissionsAreAllOrNothing() {
        assertArrayEquals(new int[] {0, 0xE0000000}, linux.call(CLOCK, 0xF, UART));
        assertArrayEquals(new int[] {0, 0}, linux.call(CLOCK, 0xF, OSC));
        assertArrayEquals(new int[] {0, 0}, linux.call(CLOCK, 0xF, LONG));
        assertEquals(NOT_FOUND, linux.status(CLOCK, 0xF, HIDDEN));
    }

    @Test
    void everyCommandOnAHiddenOrMissingClockIsNotFound() {
        for (int clock : new int[] {HIDDEN, 5, 0x10000, -1}) {
            assertEquals(NOT_FOUND, linux.status(CLOCK, 3, clock));
            assertEquals(NOT_FOUND, linux.status(CLOCK, 4, clock, 0));
            assertEquals(NOT_FOUND, linux.status(CLOCK, 5, 0, clock, 1000, 0));
            assertEquals(NOT_FOUND, linux.status(CLOCK, 6, clock));
            assertEquals(NOT_FOUND, linux.status(CLOCK, 7, clock, 1, 0));
            assertEquals(NOT_FOUND, linux.status(CLOCK, 8, clock));
            assertEquals(NOT_FOUND, linux.status(CLOCK, 9, clock, 1));
            assertEquals(NOT_FOUND, linux.status(CLOCK, 0xA, clock, 1));
            assertEquals(NOT_FOUND, linux.status(CLOCK, 0xB, clock, 0));
            assertEquals(NOT_FOUND, linux.status(CLOCK, 0xC, clock, 0));
            assertEquals(NOT_FOUND, linux.status(CLOCK, 0xD, clock, 0));
            assertEquals(NOT_FOUND, linux.status(CLOCK, 0xE, clock));
            assertEquals(NOT_FOUND, linux.status(CLOCK, 0xF, clock));
        }
    }

    @Test
    void everyMessageOfTheWrongLengthIsAProtocolError() {
        int[] lengths = {0, 0, 1, 1, 2, 4, 1, 2, 1, 2, 2, 2, 2, 2, 1, 1, 1};
        for (int message = 0; message < lengths.length; message++) {
            int longest = message == 7 ? 3 : lengths[message];
            assertEquals(PROTOCOL_ERROR, linux.status(CLOCK, message, new int[longest + 1]), "long " + message);
            if (lengths[message] > 0) {
                assertEquals(
                        PROTOCOL_ERROR,
                        linux.status(CLOCK, message, new int[lengths[message] - 1]),
                        "short " + message);
            }
        }
    }

    @Test
    void messageAttributesAgreeWithWhatIsExecuted() {
        for (int message = 0; message <= 0x10; message++) {
            assertArrayEquals(new int[] {0, 0}, linux.call(CLOCK, 2, message), "message " + message);
        }
        assertEquals(NOT_FOUND, linux.status(CLOCK, 2, 0x11));
        assertEquals(NOT_FOUND, linux.status(CLOCK, 0x11));
        assertEquals(NOT_FOUND, tool.status(CLOCK, 2, 9));
        assertEquals(NOT_SUPPORTED, tool.status(CLOCK, 9, 0, 1));
        assertEquals(NOT_FOUND, tool.status(CLOCK, 2, 0xA));
        assertEquals(NOT_SUPPORTED, tool.status(CLOCK, 0xA, 0, 1));
    }

    // ---- Rates.

    @Test
    void ratesAreListedFromAnyIndexInAnyBuffer() {
        List<Integer> whole = new ArrayList<>();
        int[] words = linux.call(CLOCK, 4, BUS, 0);
        assertEquals(16, words[1], "16 returned, none remaining, a list");
        for (int i = 0; i < 16; i++) {
            whole.add(words[2 + 2 * i]);
            assertEquals(24_000_000 / (16 - i), words[2 + 2 * i]);
            assertEquals(0, words[3 + 2 * i]);
        }
        for (int capacity = 20; capacity <= 160; capacity++) {
            int room = Math.min(16, (capacity - 12) / 8);
            for (int index = 0; index < 16; index++) {
                words = linux.callWithin(capacity, CLOCK, 4, BUS, index);
                int returned = Math.min(room, 16 - index);
                assertEquals(returned | ((16 - index - returned) << 16), words[1], capacity + " bytes, index " + index);
                assertEquals(2 + 2 * returned, words.length);
                for (int i = 0; i < returned; i++) {
                    assertEquals(whole.get(index + i), words[2 + 2 * i]);
                }
            }
        }
        assertArrayEquals(new int[] {PROTOCOL_ERROR}, linux.callWithin(19, CLOCK, 4, BUS, 0));
        assertEquals(OUT_OF_RANGE, linux.status(CLOCK, 4, BUS, 16));
        assertEquals(OUT_OF_RANGE, linux.status(CLOCK, 4, BUS, -1));
    }

    @Test
    void manyRatesAreARange() {
        assertArrayEquals(
                new int[] {0, 0x1003, 24_000_000 / 128, 0, 24_000_000, 0, 1, 0}, linux.call(CLOCK, 4, UART, 0));
        assertEquals(OUT_OF_RANGE, linux.status(CLOCK, 4, UART, 1));
        assertArrayEquals(new int[] {PROTOCOL_ERROR}, linux.callWithin(35, CLOCK, 4, UART, 0));
        assertEquals(8, linux.callWithin(36, CLOCK, 4, UART, 0).length);
    }

    @Test
    void aFixedClockHasAListOfOne() {
        assertArrayEquals(new int[] {0, 1, 24_000_000, 0}, linux.call(CLOCK, 4, OSC, 0));
    }

    @Test
    void rateSetByteForByte() {
        // flags 0, clock 0, 12 MHz
        assertArrayEquals(
                bytes("05 50 04 00  00 00 00 00"),
                linux.exchange(bytes("05 50 04 00  00 00 00 00  00 00 00 00  00 1b b7 00  00 00 00 00"), 8));
        assertEquals(1, bench.cru.read(8) & 0x7F, "24 MHz / 2");
        assertArrayEquals(
                bytes("06 50 04 00  00 00 00 00  00 1b b7 00  00 00 00 00"),
                linux.exchange(bytes("06 50 04 00  00 00 00 00"), 16));
    }

    @Test
    void roundingFollowsTheFlags() {
        int wanted = 7_000_000; // between 24/4 = 6 MHz and 24/3 = 8 MHz, nearer to neither: the lower
        assertEquals(0, linux.status(CLOCK, 5, 0, UART, wanted, 0));
        assertEquals(6_000_000, linux.call(CLOCK, 6, UART)[1]);
        assertEquals(0, linux.status(CLOCK, 5, 4, UART, wanted, 0));
        assertEquals(8_000_000, linux.call(CLOCK, 6, UART)[1]);
        assertEquals(0, linux.status(CLOCK, 5, 8, UART, wanted + 1, 0));
        assertEquals(8_000_000, linux.call(CLOCK, 6, UART)[1]);
        assertEquals(0, linux.status(CLOCK, 5, 8 | 4, UART, wanted - 1, 0), "nearest overrides up");
        assertEquals(6_000_000, linux.call(CLOCK, 6, UART)[1]);
        assertEquals(0, linux.status(CLOCK, 5, 2, UART, wanted, 0), "no delayed response: ignored if not asynchronous");
    }

    @Test
    void aRateThatCannotBeMadeIsInvalid() {
        assertEquals(INVALID, linux.status(CLOCK, 5, 0, UART, 24_000_001, 0));
        assertEquals(INVALID, linux.status(CLOCK, 5, 0, UART, 1, 0));
        assertEquals(INVALID, linux.status(CLOCK, 5, 0, UART, 24_000_000, 1));
        assertEquals(INVALID, linux.status(CLOCK, 5, 0, UART, -1, -1));
        assertEquals(INVALID, linux.status(CLOCK, 5, 0x10, UART, 12_000_000, 0));
        assertEquals(INVALID, linux.status(CLOCK, 5, 0x80000000, UART, 12_000_000, 0));
        assertEquals(0, bench.cru.read(8), "nothing was written");
    }

    @Test
    void settingNeedsControl() {
        for (int clock : new int[] {OSC, LONG}) {
            assertEquals(DENIED, linux.status(CLOCK, 5, 0, clock, 1_000_000, 0));
            assertEquals(DENIED, linux.status(CLOCK, 7, clock, 1, 0));
            assertEquals(DENIED, linux.status(CLOCK, 0xD, clock, BUS));
        }
    }

    // ---- Parents.

    @Test
    void parentsAreThoseInTheView() throws Exception {
        assertArrayEquals(new int[] {0, 1, OSC}, linux.call(CLOCK, 0xC, UART, 0), "pll is not in the view");
        assertArrayEquals(new int[] {0, 1, BUS}, linux.call(CLOCK, 0xC, LONG, 0), "also without a multiplexer");
        assertEquals(NOT_SUPPORTED, zephyr.status(CLOCK, 0xC, 0, 0));
        Bench.Peer all = bench.agent("all", "osc", "pll", "uart").withoutEvents();
        assertArrayEquals(new int[] {0, 2, 0, 1}, all.call(CLOCK, 0xC, 2, 0));
        assertArrayEquals(new int[] {0, 0x01000001, 0}, all.callWithin(16, CLOCK, 0xC, 2, 0));
        assertArrayEquals(new int[] {0, 0x01000001, 0}, all.callWithin(19, CLOCK, 0xC, 2, 0));
        assertArrayEquals(new int[] {0, 1, 1}, all.callWithin(16, CLOCK, 0xC, 2, 1));
        assertArrayEquals(new int[] {PROTOCOL_ERROR}, all.callWithin(15, CLOCK, 0xC, 2, 0));
        assertEquals(OUT_OF_RANGE, all.status(CLOCK, 0xC, 2, 2));
        assertEquals(OUT_OF_RANGE, all.status(CLOCK, 0xC, 2, -1));
    }

    @Test
    void theParentIsSetAndRead() throws Exception {
        Bench.Peer all = bench.agent("all", "osc", "pll", "uart", "bus").withoutEvents();
        assertArrayEquals(new int[] {0, 0}, all.call(CLOCK, 0xE, 2));
        assertEquals(0, all.status(CLOCK, 0xD, 2, 1));
        assertArrayEquals(new int[] {0, 1}, all.call(CLOCK, 0xE, 2));
        assertEquals(0x100, bench.cru.read(8));
        assertEquals(600_000_000, all.call(CLOCK, 6, 2)[1]);
        assertEquals(INVALID, all.status(CLOCK, 0xD, 2, 3), "bus is no parent of uart");
        assertEquals(INVALID, all.status(CLOCK, 0xD, 2, 2), "nor is it itself");
        assertEquals(NOT_FOUND, all.status(CLOCK, 0xD, 2, 4));
        assertEquals(NOT_SUPPORTED, all.status(CLOCK, 0xD, 0, 1), "a root has no parents");
        assertEquals(NOT_SUPPORTED, all.status(CLOCK, 0xE, 0));
        assertEquals(DENIED, linux.status(CLOCK, 0xE, UART), "linux does not see pll");
    }

    @Test
    void aMultiplexerThatSelectsNothingKnownIsAnError() throws Exception {
        Bench odd = new Bench(Bench.board(
                directory, Bench.BOARD.replace("bits: 8..8 }", "bits: 9..8 }"))); // values 2 and 3 mean nothing
        Bench.Peer all = odd.agent("all", "osc", "uart").withoutEvents();
        odd.cru.write(8, 0x300);
        assertEquals(Status.Code.GENERIC_ERROR, all.status(CLOCK, 0xE, 1));
        assertArrayEquals(new int[] {0, 0, 0}, all.call(CLOCK, 6, 1));
        assertEquals(0, all.status(CLOCK, 0xD, 1, 0));
        assertArrayEquals(new int[] {0, 0}, all.call(CLOCK, 0xE, 1));
    }

    // ---- On and off.

    @Test
    void configSetTakesTwoOrThreeWords() {
        assertEquals(0, linux.status(CLOCK, 7, UART, 1));
        assertTrue(bench.gate(1));
        assertEquals(0, linux.status(CLOCK, 7, UART, 0, 0x1234));
        assertFalse(bench.gate(1));
        assertEquals(0, linux.status(CLOCK, 0x10, 0x20000));
        assertEquals(0, linux.status(CLOCK, 7, UART, 1, 0), "Zephyr sends three words to any version");
        assertTrue(bench.gate(1));
        assertEquals(INVALID, linux.status(CLOCK, 7, UART, 3), "two bits of state are 3.0's");
    }

    @Test
    void configSetRefusesWhatThereIsNot() {
        assertEquals(INVALID, linux.status(CLOCK, 7, UART, 2, 0));
        assertEquals(INVALID, linux.status(CLOCK, 7, UART, 3, 0));
        assertEquals(INVALID, linux.status(CLOCK, 7, UART, 4, 0));
        assertEquals(INVALID, linux.status(CLOCK, 7, UART, 0x01000001, 0));
        assertEquals(INVALID, linux.status(CLOCK, 7, UART, 0x00010003, 50), "no clock has a duty cycle");
        assertEquals(PROTOCOL_ERROR, linux.status(CLOCK, 7, UART, 0x00010003), "a type without its value");
        assertFalse(bench.gate(1));
    }

    @Test
    void configGetShowsTheHardware() {
        assertArrayEquals(new int[] {0, 0, 0, 0}, linux.call(CLOCK, 0xB, UART, 0));
        bench.cru.write(4, 2);
        assertArrayEquals(new int[] {0, 0, 1, 0}, linux.call(CLOCK, 0xB, UART, 0));
        assertEquals(1, linux.call(CLOCK, 3, UART)[1] & 1);
        assertEquals(INVALID, linux.status(CLOCK, 0xB, UART, 1));
        assertEquals(INVALID, linux.status(CLOCK, 0xB, UART, 0x80));
        assertEquals(INVALID, linux.status(CLOCK, 0xB, UART, 0x100));
    }

    @Test
    void aClockRunsWhileAnybodyVotesForIt() {
        assertEquals(0, linux.status(CLOCK, 7, BUS, 1, 0));
        assertEquals(0, linux.status(CLOCK, 7, BUS, 1, 0), "a second enable is the same vote");
        assertEquals(0, zephyr.status(CLOCK, 7, 0, 1, 0));
        assertEquals(0, linux.status(CLOCK, 7, BUS, 0, 0));
        assertTrue(bench.gate(0), "zephyr still wants it");
        assertEquals(0, linux.status(CLOCK, 7, BUS, 0, 0), "not to vote is no mistake, and takes nothing from others");
        assertTrue(bench.gate(0));
        assertEquals(0, zephyr.status(CLOCK, 7, 0, 0, 0));
        assertFalse(bench.gate(0));
    }

    @Test
    void theStateOfAClockThatNoGateStopsIsNobodysToSet(@TempDir Path folder) throws Exception {
        Bench its = new Bench(Bench.board(folder, """
                board: bench
                registers: { cru: { size: 64 B, access: simulated, initial: { 0xc: 4 } } }
                clocks:
                  xo: { fixed: 24 MHz }
                  plain: { parent: xo, divider: { register: cru+0x0, bits: 3..0, kind: linear } }
                  gated: { parent: xo, gate: { register: cru+0x4, bit: 0 } }
                  below: { parent: gated }
                  either: { parents: [plain, below], mux: { register: cru+0x8, bit: 0 } }
                  loop:
                    parent: xo
                    pll:
                      feedback: { register: cru+0xc, bits: 7..0, kind: one-based }
                      enable: { register: cru+0x10, bit: 0 }
                  behind-loop: { parent: loop }
                """));
        Bench.Peer agent = its.agent("one", "xo", "plain", "gated", "below", "either", "loop", "behind-loop");
        Bench.Peer other = its.agent("two", "xo", "gated", "below", "either");
        for (int clock = 0; clock < 7; clock++) {
            boolean stops = clock > 1;
            String what = "clock " + clock;
            assertEquals(stops ? 7 << 29 : 3 << 29, agent.call(CLOCK, 0xF, clock)[1], what);
            assertEquals(
                    stops ? 0 : 2, agent.call(CLOCK, 3, clock)[1] & 2, what + " is restricted, so that Linux asks");
            assertEquals(0, agent.status(CLOCK, 7, clock, 1, 0), what + " is on, or goes on");
            assertEquals(1, agent.call(CLOCK, 0xB, clock, 0)[2] & 1, what);
            assertEquals(stops ? 0 : DENIED, agent.status(CLOCK, 7, clock, 0, 0), what);
            assertEquals(
                    stops ? 0 : 1, agent.call(CLOCK, 0xB, clock, 0)[2] & 1, what + " reads as it has been answered");
        }
        assertEquals(0, other.status(CLOCK, 7, 2, 1, 0), "by a clock that another one stops");
        assertEquals(1, its.cru.read(4));
        assertEquals(0, other.status(CLOCK, 7, 2, 0, 0));
        assertEquals(0, its.cru.read(4));
    }

    @Test
    void aClockThatFeedsOneInUseRunsOn() {
        assertEquals(0, zephyr.status(CLOCK, 7, 1, 1, 0));
        assertTrue(bench.gate(0) && bench.gate(2), "leaf and its parent");
        assertEquals(0, linux.status(CLOCK, 7, BUS, 0, 0));
        assertTrue(bench.gate(0));
        assertEquals(0, zephyr.status(CLOCK, 7, 1, 0, 0));
        assertFalse(bench.gate(0) || bench.gate(2));
    }

    @Test
    void aClockThatTheBootLoaderLeftOnGoesOffWhenAnAgentDisablesIt() {
        bench.cru.write(4, 2);
        assertEquals(0, linux.status(CLOCK, 7, UART, 0, 0));
        assertFalse(bench.gate(1));
    }

    @Test
    void votesGoWithTheGuest() {
        assertEquals(0, linux.status(CLOCK, 7, UART, 1, 0));
        assertEquals(0, linux.status(CLOCK, 7, BUS, 1, 0));
        assertEquals(0, zephyr.status(CLOCK, 7, 0, 1, 0));
        assertEquals(0, linux.status(CLOCK, 0x10, 0x10000));
        linux.agent.guestReset();
        assertFalse(bench.gate(1));
        assertTrue(bench.gate(0));
        assertEquals(7, linux.call(CLOCK, 3, UART).length, "versions are forgotten too");
    }

    // ---- Notifications.

    @Test
    void whoSubscribedHearsOfAChangedRateAndOfItsChildren() {
        assertEquals(0, zephyr.status(CLOCK, 9, 0, 1));
        assertEquals(0, zephyr.status(CLOCK, 9, 1, 1));
        assertEquals(0, linux.status(CLOCK, 9, BUS, 1));
        assertEquals(0, linux.status(CLOCK, 9, LONG, 1));
        assertEquals(0, linux.status(CLOCK, 5, 0, BUS, 24_000_000, 0));
        // header 0x5300: protocol 0x14, type 3, id 0; agent 1; clock; 24 MHz
        assertEquals(List.of("5300 1 0 16e3600 0", "5300 1 1 16e3600 0"), zephyr.events.take());
        assertEquals(List.of("5300 1 1 16e3600 0", "5300 1 3 16e3600 0"), linux.events.take(), "who causes it, too");
        assertEquals(2, zephyr.agent.metrics().events(EventCount.NOTIFICATION_SENT));
        assertEquals(0, zephyr.status(CLOCK, 5, 0, 0, 12_000_000, 0));
        assertEquals(List.of("5300 2 1 b71b00 0", "5300 2 3 b71b00 0"), linux.events.take());
        assertEquals(0, linux.status(CLOCK, 9, BUS, 0));
        assertEquals(0, zephyr.status(CLOCK, 5, 0, 0, 12_000_000, 0));
        assertEquals(List.of(), linux.events.take(), "nothing changed");
    }

    @Test
    void aRequestIsToldBeforeItsChange() {
        assertEquals(0, zephyr.status(CLOCK, 0xA, 0, 1));
        assertEquals(0, zephyr.status(CLOCK, 9, 0, 1));
        assertEquals(0, linux.status(CLOCK, 5, 0, BUS, 13_000_000, 0));
        assertEquals(List.of("5301 1 0 c65d40 0"), zephyr.events.take(), "the rate stays 12 MHz");
        assertEquals(0, linux.status(CLOCK, 5, 0, BUS, 9_000_000, 0));
        assertEquals(List.of("5301 1 0 895440 0", "5300 1 0 7a1200 0"), zephyr.events.take());
        assertEquals(INVALID, linux.status(CLOCK, 5, 0, BUS, 25_000_000, 0));
        assertEquals(List.of(), zephyr.events.take(), "a request that is refused is not told");
    }

    @Test
    void whoMovesAClockByItsChildIsToldOfIt(@TempDir Path folder) throws Exception {
        Bench.Peer agent = new Bench(Bench.board(folder, """
                board: bench
                registers: { cru: { size: 64 B, access: simulated } }
                clocks:
                  xo: { fixed: 1 GHz }
                  mid: { parent: xo, divider: { register: cru+0x0, bits: 3..0, kind: linear } }
                  leaf:
                    parent: mid
                    divider: { register: cru+0x4, bits: 1..0, kind: linear }
                    set-parent-rate: true
                  side: { parent: mid }
                """))
                .agent("one", "leaf", "mid", "side")
                .withEvents();
        for (int clock = 0; clock < 3; clock++) {
            assertEquals(0, agent.status(CLOCK, 9, clock, 1));
        }
        assertEquals(0, agent.status(CLOCK, 5, 0, 0, 77_000_000, 0));
        assertEquals(
                Set.of("5300 1 0", "5300 1 1", "5300 1 2"),
                agent.events.take().stream().map(event -> event.substring(0, 8)).collect(Collectors.toSet()),
                "the clock that it has set, the parent that followed, and what runs from that");
    }

    @Test
    void aChangedParentChangesRates() throws Exception {
        Bench.Peer all = bench.agent("all", "osc", "pll", "uart").withoutEvents();
        assertEquals(0, linux.status(CLOCK, 9, UART, 1));
        assertEquals(0, all.status(CLOCK, 0xD, 2, 1));
        assertEquals(List.of("5300 4 0 23c34600 0"), linux.events.take());
    }

    @Test
    void subscribingNeedsTheRightAndAChannel() {
        assertEquals(DENIED, linux.status(CLOCK, 9, OSC, 1), "read only: not advertised either");
        assertEquals(DENIED, linux.status(CLOCK, 0xA, OSC, 1));
        assertEquals(INVALID, linux.status(CLOCK, 9, UART, 3));
        assertEquals(INVALID, linux.status(CLOCK, 0xA, UART, 2));
        assertEquals(NOT_SUPPORTED, tool.status(CLOCK, 9, 0, 1));
    }

    @Test
    void notificationsWaitForBuffersAndTheNewestRateWins() {
        assertEquals(0, zephyr.status(CLOCK, 9, 0, 1));
        assertEquals(0, zephyr.status(CLOCK, 9, 1, 1));
        assertEquals(0, zephyr.status(CLOCK, 9, 2, 1));
        zephyr.events.free = 0;
        for (int i = 0; i < 100; i++) {
            assertEquals(0, linux.status(CLOCK, 5, 0, BUS, i % 2 == 0 ? 24_000_000 : 8_000_000, 0));
        }
        zephyr.events.free = Integer.MAX_VALUE;
        zephyr.agent.flushEvents();
        List<String> events = zephyr.events.take();
        assertEquals(NotificationQueue.CAPACITY, events.size());
        assertEquals("5300 1 0 7a1200 0", events.get(61));
        assertEquals("5300 1 1 7a1200 0", events.get(62));
        assertEquals("5300 1 2 7a1200 0", events.get(63));
        assertEquals(300 - NotificationQueue.CAPACITY, zephyr.agent.metrics().events(EventCount.NOTIFICATION_DROPPED));
    }

    @Test
    void anEventBufferThatIsTooSmallLosesTheNotificationOnly() {
        assertEquals(0, zephyr.status(CLOCK, 9, 0, 1));
        zephyr.events.size = 19;
        assertEquals(0, linux.status(CLOCK, 5, 0, BUS, 24_000_000, 0));
        zephyr.events.size = 20;
        assertEquals(0, linux.status(CLOCK, 5, 0, BUS, 12_000_000, 0));
        assertEquals(List.of("5300 1 0 b71b00 0"), zephyr.events.take());
        assertEquals(1, zephyr.agent.metrics().events(EventCount.NOTIFICATION_DROPPED));
    }

    @Test
    void whatIsQueuedIsForgottenByAReset() {
        assertEquals(0, zephyr.status(CLOCK, 9, 0, 1));
        zephyr.events.free = 0;
        assertEquals(0, linux.status(CLOCK, 5, 0, BUS, 24_000_000, 0));
        zephyr.agent.guestReset();
        zephyr.events.free = 10;
        zephyr.agent.flushEvents();
        assertEquals(List.of(), zephyr.events.take());
    }

    // ---- Asynchronous.

    @Test
    void anAsynchronousChangeIsAnsweredFirstAndDoneAfterwards() {
        assertArrayEquals(new int[] {0}, linux.callWithin(8, CLOCK, 5, 1, UART, 13_000_000, 0));
        assertEquals(0, bench.cru.read(8), "not before the reply was published");
        assertEquals(List.of(), linux.events.take());
        linux.agent.flushEvents();
        assertEquals(1, bench.cru.read(8));
        String header = Integer.toHexString(0x5205 | (linux.lastToken() << 18));
        assertEquals(List.of(header + " 0 0 b71b00 0"), linux.events.take(), "type 2, status, clock, 12 MHz");
        assertEquals(1, linux.agent.metrics().events(EventCount.DELAYED_RESPONSE_SENT));
    }

    @Test
    void aFailedAsynchronousChangeHasAStatusOnly() {
        assertArrayEquals(new int[] {0}, linux.call(CLOCK, 5, 1, UART, 25_000_000, 0));
        String header = Integer.toHexString(0x5205 | (linux.lastToken() << 18));
        assertEquals(List.of(header + " fffffffe"), linux.events.take());
    }

    @Test
    void withoutDelayedResponseThereIsNone() {
        assertArrayEquals(new int[] {0}, linux.call(CLOCK, 5, 3, UART, 12_000_000, 0));
        assertEquals(1, bench.cru.read(8));
        assertEquals(List.of(), linux.events.take());
    }

    @Test
    void asynchronousNeedsAChannel() {
        assertEquals(NOT_SUPPORTED, tool.status(CLOCK, 5, 1, 0, 12_000_000, 0));
        assertEquals(NOT_SUPPORTED, tool.status(CLOCK, 5, 3, 0, 12_000_000, 0));
    }

    @Test
    void delayedResponsesAreHeldInOrderAndTheNinthCommandIsBusy() {
        linux.events.free = 0;
        for (int i = 0; i < 8; i++) {
            assertEquals(0, linux.status(CLOCK, 5, 1, UART, 24_000_000 / (i + 1), 0));
        }
        assertEquals(Status.Code.BUSY, linux.status(CLOCK, 5, 1, UART, 24_000_000, 0));
        assertEquals(0, linux.status(CLOCK, 5, 0, UART, 24_000_000, 0), "synchronous goes on");
        assertEquals(List.of(), linux.events.take());
        linux.events.free = 1;
        linux.agent.flushEvents();
        assertEquals(1, linux.events.take().size());
        assertEquals(0, linux.status(CLOCK, 5, 1, UART, 1_000_000, 0), "one place is free again");
        linux.events.free = 100;
        linux.agent.flushEvents();
        List<String> rates = linux.events.take().stream()
                .map(event -> event.split(" ", -1)[3])
                .toList();
        assertEquals(List.of("b71b00", "7a1200", "5b8d80", "493e00", "3d0900", "3450db", "2dc6c0", "f4240"), rates);
    }

    @Test
    void aDelayedResponseWaitsForABufferThatIsLargeEnough() {
        linux.events.size = 8;
        assertEquals(0, linux.status(CLOCK, 5, 1, UART, 12_000_000, 0));
        String header = Integer.toHexString(0x5205 | (linux.lastToken() << 18));
        assertEquals(List.of(), linux.events.take());
        linux.events.size = 136;
        linux.agent.flushEvents();
        assertEquals(List.of(header + " 0 0 b71b00 0"), linux.events.take());
        for (int i = 0; i < 20; i++) {
            assertEquals(0, linux.status(CLOCK, 5, 1, UART, 12_000_000, 0), "no place was lost");
        }
    }

    @Test
    void othersHearOfAnAsynchronousChange() {
        assertEquals(0, zephyr.status(CLOCK, 9, 0, 1));
        assertEquals(0, linux.status(CLOCK, 5, 1, BUS, 24_000_000, 0));
        assertEquals(List.of("5300 1 0 16e3600 0"), zephyr.events.take());
    }

    @Test
    void aPausedGuestKeepsItsVotesAndGetsItsEventsLater() {
        assertEquals(0, linux.status(CLOCK, 7, UART, 1, 0));
        assertEquals(0, linux.status(CLOCK, 9, BUS, 1));
        linux.agent.detached();
        assertEquals(0, zephyr.status(CLOCK, 5, 0, 0, 24_000_000, 0));
        assertTrue(bench.gate(1));
        linux.withEvents();
        bench.loop.settle();
        assertEquals(List.of("5300 2 1 16e3600 0"), linux.events.take());
    }
}
