// The Reset protocol, message by message, in bytes: layouts, behaviour, errors.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.scmid.config.service.Grant;
import org.scmid.platform.register.SimulatedWindow;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.Status;
import org.scmid.server.core.state.AgentState;

class ResetProtocolTest {
    private static final int RESET = 0x16;
    private static final int DO = 4;
    private static final int NOTIFY = 5;
    private static final int DEASSERT = 0;
    private static final int AUTO = 1;
    private static final int ASSERT = 2;
    private static final int AUTO_ASYNC = 5;

    private static final int NOT_FOUND = Status.Code.NOT_FOUND;
    private static final int DENIED = Status.Code.DENIED;
    private static final int NOT_SUPPORTED = Status.Code.NOT_SUPPORTED;
    private static final int INVALID = Status.Code.INVALID_PARAMETERS;
    private static final int BUSY = Status.Code.BUSY;
    private static final int HARDWARE_ERROR = Status.Code.HARDWARE_ERROR;
    private static final int PROTOCOL_ERROR = Status.Code.PROTOCOL_ERROR;

    private static final String LONG_NAME = "a-reset-with-a-long-name";

    /** Bits of cru+0x0; what clears itself is cleared by the test. */
    private static final String BOARD = """
            board: resets
            registers:
              cru: { at: 0, size: 256 B, access: simulated }
            clocks: {}
            resets:
              plain: { register: cru, bit: 0, hold: 1 ms, latency: 20 us }
              clear: { register: cru, bit: 1, self-clearing: true, timeout: 5 ms, asynchronous: true }
              a-reset-with-a-long-name: { register: cru, bit: 2 }
              other: { register: cru, bit: 3 }
              quick: { on-reset: [write: { register: cru+4, bit: 0, value: 1 }], asynchronous: true }
            """;

    // linux's ids
    private static final int PLAIN = 0;
    private static final int CLEAR = 1;
    private static final int LONG = 2;
    private static final int HIDDEN = 3;
    private static final int QUICK = 4;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    /** Has events; may do everything; long name notify, other hidden. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer linux;

    /** Has events; clear is its 0, plain its 1. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer zephyr;

    /** Has no events; clear is its 0, plain read-only its 1. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer tool;

    @BeforeEach
    void threeAgents(@TempDir Path directory) throws Exception {
        Board board = Bench.board(directory, BOARD);
        WindowSpec spec = board.registers().get("cru");
        if (spec == null) {
            throw new AssertionError("no window");
        }
        bench = new Bench(board, Windows.of(board, Map.of("cru", new SimulatedWindow(spec))));
        linux = agent("linux", "plain", "clear", LONG_NAME + ": notify", "other: none", "quick")
                .withEvents();
        zephyr = agent("zephyr", "clear", "plain").withEvents();
        tool = agent("tool", "clear", "plain: read").withoutEvents();
    }

    private Bench.Peer agent(String name, String... resets) throws Exception {
        Map<ResourceKind, List<Grant>> grants = Map.of(ResourceKind.RESET, Bench.grants(resets));
        return bench.agent(name, grants);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private long bits() {
        return bench.cru.read(0);
    }

    /** Hardware clears the bit that clears itself. */
    private void cleared() {
        bench.cru.write(0, bits() & ~2);
    }

    // ---- What there is.

    @Test
    void theProtocolIsOfferedToThoseWhoHaveResets() throws Exception {
        Bench.Peer nobody = bench.agent("nobody", Map.of()).withEvents();
        assertEquals(NOT_SUPPORTED, nobody.status(RESET, 0));
        assertArrayEquals(new int[] {0, 0x30001}, linux.call(RESET, 0));
        assertArrayEquals(new int[] {0, 1, 0x16}, linux.call(Bench.BASE, 6, 0));
        assertArrayEquals(new int[] {0, 5}, linux.call(RESET, 1));
        assertArrayEquals(new int[] {0, 2}, tool.call(RESET, 1));
    }

    @Test
    void attributesByteForByte() {
        // reset 0x16, message 3, token 1
        assertArrayEquals(
                bytes("03 58 04 00  00 00 00 00  00 00 00 40  14 00 00 00"
                        + "70 6c 61 69 6e 00 00 00 00 00 00 00 00 00 00 00"),
                linux.exchange(bytes("03 58 04 00  00 00 00 00"), 64));
    }

    @Test
    void attributeBitsFollowResetPermissionAndChannel() {
        assertEquals(0xC000_0000, linux.call(RESET, 3, CLEAR)[1]);
        assertEquals(-1, linux.call(RESET, 3, CLEAR)[2], "no latency is known");
        assertEquals(0x6000_0000, linux.call(RESET, 3, LONG)[1], "notify, extended name");
        assertEquals(0, tool.call(RESET, 3, 0)[1], "no channel");
        assertEquals(0, tool.call(RESET, 3, 1)[1], "read only");
        assertEquals(NOT_FOUND, linux.status(RESET, 3, HIDDEN));
        assertEquals(NOT_FOUND, linux.status(RESET, 3, 5));
    }

    @ParameterizedTest
    @CsvSource({"0x10000, 40000000", "0x20000, 40000000", "0x30000, 60000000", "0x30001, 60000000"})
    void attributeBitsAreThoseOfTheVersion(String version, String attributes) {
        assertEquals(0, linux.status(RESET, 0x10, Integer.decode(version)));
        assertEquals(Integer.parseUnsignedInt(attributes, 16), linux.call(RESET, 3, LONG)[1]);
    }

    @Test
    void longNamesAreAskedForByNameGet() {
        int[] name = linux.call(RESET, 6, LONG);
        assertEquals(1 + 17, name.length);
        assertEquals('a' | ('-' << 8) | ('r' << 16) | ('e' << 24), name[2]);
        assertEquals(NOT_SUPPORTED, linux.status(RESET, 6, PLAIN));
        assertEquals(NOT_FOUND, linux.status(RESET, 6, HIDDEN));
        assertEquals(0, linux.status(RESET, 0x10, 0x20000));
        assertEquals(NOT_FOUND, linux.status(RESET, 6, LONG));
    }

    @Test
    void messageAttributesSayWhatIsThere() {
        for (int message : new int[] {0, 1, 2, 3, 4, 5, 6, 0x10}) {
            assertArrayEquals(new int[] {0, 0}, linux.call(RESET, 2, message), "message " + message);
        }
        assertEquals(NOT_FOUND, linux.status(RESET, 2, 7));
        assertEquals(NOT_FOUND, tool.status(RESET, 2, NOTIFY), "no channel");
        for (int message : new int[] {7, 8, 0xF, 0x11, 0xFF}) {
            assertEquals(NOT_FOUND, linux.status(RESET, message), "message " + message);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x10000, 0x20000, 0x30000, 0x30001})
    void requestsOfTheWrongLengthAreProtocolErrorsInEveryVersion(int version) {
        assertEquals(0, linux.status(RESET, 0x10, version));
        int[] words = {0, 0, 1, 1, 3, 2};
        for (int message = 0; message < words.length; message++) {
            for (int length = 0; length <= 4; length++) {
                if (length != words[message]) {
                    assertEquals(PROTOCOL_ERROR, linux.status(RESET, message, new int[length]), message + " " + length);
                }
            }
        }
        assertEquals(0, bits());
    }

    @Test
    void aReplyThatDoesNotFitIsAStatus() {
        assertArrayEquals(new int[] {PROTOCOL_ERROR}, linux.callWithin(31, RESET, 3, PLAIN));
        assertEquals(7, linux.callWithin(32, RESET, 3, PLAIN).length);
    }

    // ---- Resets.

    @Test
    void assertAndDeassertAreDoneAtOnce() {
        assertArrayEquals(new int[] {0}, linux.call(RESET, DO, PLAIN, ASSERT, 0));
        assertEquals(1, bits());
        assertArrayEquals(new int[] {0}, linux.call(RESET, DO, PLAIN, DEASSERT, 0));
        assertEquals(0, bits());
    }

    @Test
    void resetByteForByte() {
        assertArrayEquals(
                bytes("04 58 04 00  00 00 00 00"),
                linux.exchange(bytes("04 58 04 00  00 00 00 00  02 00 00 00  00 00 00 00"), 8));
        assertEquals(1, bits());
    }

    @Test
    void aWholeResetIsAnsweredWhenItIsDone() {
        assertEquals(0, linux.call(RESET, DO, PLAIN, AUTO, 0).length);
        assertEquals(1, bits());
        assertNull(linux.deferredReply());
        assertArrayEquals(new int[] {0}, linux.awaitReply(1));
        assertEquals(0, bits());
    }

    @Test
    void theAssertFlagOfAWholeResetHasNoMeaning() {
        assertEquals(0, linux.call(RESET, DO, PLAIN, AUTO | ASSERT, 0).length);
        assertArrayEquals(new int[] {0}, linux.awaitReply(1));
        assertEquals(0, bits());
    }

    @Test
    void hardwareThatDoesNotEndTheResetIsAnError() {
        assertEquals(0, linux.call(RESET, DO, CLEAR, AUTO, 0).length);
        assertArrayEquals(new int[] {HARDWARE_ERROR}, linux.awaitReply(6));
    }

    @Test
    void flagsAndStatesThatHaveNoMeaningAreInvalid() {
        for (int flags : new int[] {8, 0xF8, 0x8000_0000, 4, 6}) {
            assertEquals(INVALID, linux.status(RESET, DO, PLAIN, flags, 0), Integer.toHexString(flags));
        }
        for (int state : new int[] {1, 0xFF, 0x8000_0000, 0x8000_0001, -1}) {
            assertEquals(INVALID, linux.status(RESET, DO, PLAIN, AUTO, state), Integer.toHexString(state));
        }
        assertEquals(0, bits());
    }

    @Test
    void whatAResetDoesNotOfferIsNotSupported() {
        assertEquals(NOT_SUPPORTED, linux.status(RESET, DO, PLAIN, AUTO_ASYNC, 0), "not asynchronous");
        assertEquals(NOT_SUPPORTED, tool.status(RESET, DO, 0, AUTO_ASYNC, 0), "no channel");
        assertEquals(NOT_SUPPORTED, linux.status(RESET, DO, CLEAR, ASSERT, 0), "clears itself");
        assertEquals(INVALID, linux.status(RESET, DO, CLEAR, ASSERT, 0xFF), "there is no such state of any reset");
        assertEquals(INVALID, linux.status(RESET, DO, CLEAR, 0xF8, 0), "nor such flags");
        assertEquals(NOT_SUPPORTED, linux.status(RESET, DO, CLEAR, DEASSERT, 0), "clears itself");
        assertEquals(0, bits());
    }

    @Test
    void whoMayNotIsDeniedAndWhatIsNotThereIsNotFound() {
        assertEquals(DENIED, linux.status(RESET, DO, LONG, ASSERT, 0));
        assertEquals(DENIED, tool.status(RESET, DO, 1, ASSERT, 0));
        assertEquals(NOT_FOUND, linux.status(RESET, DO, HIDDEN, ASSERT, 0));
        assertEquals(NOT_FOUND, linux.status(RESET, DO, 5, ASSERT, 0));
        assertEquals(NOT_FOUND, linux.status(RESET, DO, -1, ASSERT, 0));
        assertEquals(0, bits());
    }

    @Test
    void theLastCommandWinsWhoeverSendsIt() {
        assertEquals(0, linux.call(RESET, DO, PLAIN, AUTO, 0).length);
        assertEquals(0, zephyr.call(RESET, DO, 1, ASSERT, 0).length, "in its turn");
        assertArrayEquals(new int[] {0}, linux.awaitReply(1));
        assertArrayEquals(new int[] {0}, zephyr.deferredReply());
        assertEquals(1, bits());
        assertArrayEquals(new int[] {0}, linux.call(RESET, DO, PLAIN, DEASSERT, 0));
        assertEquals(0, bits());
    }

    // ---- Asynchronous.

    @Test
    void anAsynchronousResetIsAnsweredAtOnceAndCompletedLater() {
        assertArrayEquals(new int[] {0}, linux.callWithin(8, RESET, DO, CLEAR, AUTO_ASYNC, 0));
        assertEquals(0, bits(), "begun only after the reply was published");
        int token = linux.lastToken();
        linux.agent.flushEvents();
        assertEquals(2, bits());
        bench.loop.passMillis(1);
        assertEquals(List.of(), linux.events.take());
        cleared();
        bench.loop.passMillis(1);
        assertEquals(List.of(Integer.toHexString(0x5A04 | token << 18) + " 0 1"), linux.events.take());
    }

    @Test
    void anAsynchronousResetThatIsDoneAtOnceIsCompletedAfterItsReply() {
        assertArrayEquals(new int[] {0}, linux.call(RESET, DO, QUICK, AUTO_ASYNC, 0));
        assertEquals(List.of(Integer.toHexString(0x5A04 | linux.lastToken() << 18) + " 0 4"), linux.events.take());
    }

    @Test
    void anAsynchronousResetThatFailsIsCompletedWithAStatusOnly() {
        assertArrayEquals(new int[] {0}, linux.call(RESET, DO, CLEAR, AUTO_ASYNC, 0));
        bench.loop.passMillis(6);
        assertEquals(List.of(Integer.toHexString(0x5A04 | linux.lastToken() << 18) + " fffffff7"), linux.events.take());
    }

    @Test
    void tooManyAsynchronousResetsAreBusy() {
        for (int i = 0; i < AgentState.MAX_PENDING; i++) {
            assertEquals(0, linux.status(RESET, DO, CLEAR, AUTO_ASYNC, 0));
        }
        assertEquals(BUSY, linux.status(RESET, DO, CLEAR, AUTO_ASYNC, 0));
    }

    @Test
    void anAgentThatGoesMeanwhileIsNotAnswered() {
        linux.call(RESET, DO, CLEAR, AUTO_ASYNC, 0);
        zephyr.call(RESET, DO, 1, AUTO, 0);
        linux.agent.guestReset();
        zephyr.agent.guestReset();
        cleared();
        bench.loop.passMillis(1);
        assertEquals(List.of(), linux.events.take());
        assertNull(zephyr.deferredReply());
        assertEquals(0, bits());
    }

    @Test
    void aResetThatIsHeldStaysSoWhenItsAgentGoes() {
        linux.call(RESET, DO, PLAIN, ASSERT, 0);
        linux.agent.guestReset();
        assertEquals(1, bits());
    }

    // ---- Notifications.

    @Test
    void whoSubscribedIsToldOfResetsAndAsserts() {
        assertEquals(0, zephyr.status(RESET, NOTIFY, 1, 1));
        assertEquals(0, linux.status(RESET, NOTIFY, PLAIN, 1));
        linux.call(RESET, DO, PLAIN, ASSERT, 0);
        assertEquals(List.of("5b00 1 1 0"), zephyr.events.take());
        linux.call(RESET, DO, PLAIN, DEASSERT, 0);
        assertEquals(List.of(), zephyr.events.take(), "letting go is no reset");
        linux.call(RESET, DO, PLAIN, AUTO, 0);
        assertEquals(List.of(), zephyr.events.take(), "not before it is done");
        linux.awaitReply(1);
        assertEquals(List.of("5b00 1 1 0"), zephyr.events.take());
        assertEquals(List.of("5b00 1 0 0", "5b00 1 0 0"), linux.events.take(), "who asked for them, too");
    }

    @Test
    void everyResetIsTold() {
        zephyr.call(RESET, NOTIFY, 1, 1);
        for (int i = 0; i < 3; i++) {
            linux.callWithin(8, RESET, DO, PLAIN, ASSERT, 0);
        }
        bench.loop.settle();
        assertEquals(3, zephyr.events.take().size());
    }

    @Test
    void aFailedResetIsNotTold() {
        zephyr.call(RESET, NOTIFY, 0, 1);
        linux.call(RESET, DO, CLEAR, AUTO, 0);
        linux.awaitReply(6);
        assertEquals(List.of(), zephyr.events.take());
    }

    @Test
    void subscriptionsEndWithTheirAgentOrWhenAskedTo() {
        zephyr.call(RESET, NOTIFY, 1, 1);
        zephyr.call(RESET, NOTIFY, 1, 0);
        linux.call(RESET, DO, PLAIN, ASSERT, 0);
        zephyr.call(RESET, NOTIFY, 1, 1);
        zephyr.agent.guestReset();
        linux.call(RESET, DO, PLAIN, ASSERT, 0);
        assertEquals(List.of(), zephyr.events.take());
    }

    @Test
    void notifyChecksWhatItIsGiven() {
        assertEquals(0, linux.status(RESET, NOTIFY, LONG, 1), "notify is enough");
        assertEquals(INVALID, linux.status(RESET, NOTIFY, PLAIN, 0xFF));
        assertEquals(NOT_FOUND, linux.status(RESET, NOTIFY, HIDDEN, 1));
        assertEquals(DENIED, tool.status(RESET, NOTIFY, 1, 1), "read only");
        assertEquals(NOT_SUPPORTED, tool.status(RESET, NOTIFY, 0, 1), "no channel");
    }

    @Test
    void resettingAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        byte[] on = bytes("04 58 04 00  00 00 00 00  02 00 00 00  00 00 00 00");
        byte[] off = bytes("04 58 04 00  00 00 00 00  00 00 00 00  00 00 00 00");
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
