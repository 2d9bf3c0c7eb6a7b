// Clock commands whose hardware takes its time: who waits, who does not, and what everybody is told.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.register.SimulatedWindow;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.Status;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.clock.ClockProtocol;
import org.scmid.server.core.state.AgentStateStore;
import org.scmid.testing.HandLoop;

class SlowClockTest {
    private static final int CLOCK = Bench.CLOCK;
    private static final int POWER = 0x11;
    private static final int PERFORMANCE = 0x13;
    private static final int RATE_SET = 5;
    private static final int RATE_GET = 6;
    private static final int CONFIG_SET = 7;
    private static final int PARENT_SET = 0xD;

    private static final String BOARD = """
            board: slow
            registers:
              cru: { at: 0x1000, size: 64 B, access: simulated, initial: { 0x00: 0x3, 0x04: 10, 0x08: 10 } }
            clocks:
              osc: { fixed: 10 MHz }
              pll:
                parent: osc
                pll:
                  feedback: { register: cru+0x04, bits: 7..0, kind: one-based }
                  enable:   { register: cru+0x00, bit: 0 }
                  lock:     { register: cru+0x00, bit: 1, timeout: 10 ms, interval: 1 ms }
              video:
                parent: osc
                pll:
                  feedback: { register: cru+0x08, bits: 7..0, kind: one-based }
                  enable:   { register: cru+0x00, bit: 8 }
                  lock:     { register: cru+0x00, bit: 9, timeout: 10 ms, interval: 1 ms }
              pixel: { parent: video, gate: { register: cru+0x0c, bit: 0 } }
              cpu:   { parent: pll, gate: { register: cru+0x0c, bit: 1 } }
              sys:
                parents: [osc, video]
                mux: { register: cru+0x0c, bit: 4 }
                gate: { register: cru+0x0c, bit: 2 }
              free:
                parent: osc
                divider: { register: cru+0x14, bits: 3..0, kind: linear }
            power-domains:
              display:
                switch: { register: cru+0x18, bit: 0 }
                clocks: [pixel]
            performance-domains:
              cpus: { clock: pll, levels: [{ frequency: 100 MHz }, { frequency: 200 MHz }] }
            """;

    // The agents' clock ids.
    private static final int PLL = 0;
    private static final int VIDEO = 1;
    private static final int PIXEL = 2;
    private static final int SYS = 3;
    private static final int FREE = 4;

    private static final int PLL_LOCKED = 2;
    private static final int VIDEO_LOCKED = 0x200;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    @SuppressWarnings("NullAway.Init")
    private Bench.Peer a;

    @SuppressWarnings("NullAway.Init")
    private Bench.Peer b;

    @BeforeEach
    void build() throws Exception {
        with(ArbitrationPolicy.DEFAULT);
    }

    /** Registers that nobody moves but the test. */
    private void with(ArbitrationPolicy policyOfPll) throws Exception {
        Board board = Bench.board(directory, BOARD);
        Windows windows = Windows.of(
                board,
                Map.of(
                        "cru",
                        new SimulatedWindow(
                                board.registers().values().iterator().next())));
        var arbitration = new ArbitrationSpec(Map.of(ResourceKind.CLOCK, Map.of("pll", policyOfPll)));
        bench = new Bench(board, List.of(), arbitration, windows, OpenedGates.inMemory());
        a = agent("a");
        b = agent("b");
    }

    private Bench.Peer agent(String name) throws Exception {
        return bench.agent(
                        name,
                        Map.of(
                                ResourceKind.CLOCK, Bench.grants("pll", "video", "pixel", "sys", "free"),
                                ResourceKind.POWER_DOMAIN, Bench.grants("display"),
                                ResourceKind.PERFORMANCE_DOMAIN, Bench.grants("cpus")))
                .withEvents();
    }

    private Clock clock(String name) {
        return bench.tree.get(name);
    }

    private void says(int bits) {
        bench.cru.write(0, bench.cru.read(0) | bits);
    }

    private void saysNot(int bits) {
        bench.cru.write(0, bench.cru.read(0) & ~bits);
    }

    /** Begins to set a rate; no reply comes. */
    private static void begin(Bench.Peer agent, int clock, int hz) {
        assertEquals(0, agent.call(CLOCK, RATE_SET, 0, clock, hz, 0).length, "a reply that comes at once");
    }

    private static int[] rateOf(Bench.Peer agent, int clock) {
        return agent.call(CLOCK, RATE_GET, clock);
    }

    @Test
    void aRateIsAnsweredWhenTheLoopIsLocked() {
        saysNot(PLL_LOCKED);
        begin(a, PLL, 200_000_000);
        bench.loop.passMillis(3);
        assertNull(a.deferredReply());
        says(PLL_LOCKED);
        assertArrayEquals(new int[] {0}, a.awaitReply(1));
        assertArrayEquals(new int[] {0, 200_000_000, 0}, rateOf(a, PLL));
    }

    @Test
    void aLoopThatDoesNotLockIsAHardwareError() {
        saysNot(PLL_LOCKED);
        begin(a, PLL, 200_000_000);
        assertArrayEquals(new int[] {Status.Code.HARDWARE_ERROR}, a.awaitReply(10));
        says(PLL_LOCKED);
        assertEquals(0, a.status(CLOCK, RATE_SET, 0, PLL, 150_000_000, 0), "and may be tried again");
    }

    @Test
    void otherAgentsAreServedWhileOneWaits() {
        saysNot(PLL_LOCKED);
        begin(a, PLL, 200_000_000);
        assertEquals(0, b.status(CLOCK, RATE_SET, 0, FREE, 5_000_000, 0));
        assertEquals(0, b.call(CLOCK, 3, PLL)[0]);
        assertEquals(0, rateOf(b, PLL)[0]);
        assertEquals(0, b.status(CLOCK, CONFIG_SET, SYS, 1, 0));
        assertNull(a.deferredReply());
    }

    @Test
    void whoWantsTheSameClockHasHisTurnAfterwards() {
        saysNot(PLL_LOCKED);
        begin(a, PLL, 200_000_000);
        begin(b, PLL, 50_000_000);
        bench.loop.passMillis(5);
        assertEquals(200_000_000, clock("pll").rate());
        says(PLL_LOCKED);
        assertArrayEquals(new int[] {0}, a.awaitReply(1));
        assertArrayEquals(new int[] {0}, b.deferredReply());
        assertEquals(50_000_000, clock("pll").rate());
    }

    @Test
    void whatCannotBeDoneIsRefusedWhenItsTurnHasCome() {
        saysNot(VIDEO_LOCKED);
        assertEquals(0, a.call(CLOCK, CONFIG_SET, PIXEL, 1, 0).length);
        begin(b, PIXEL, 5);
        says(VIDEO_LOCKED);
        bench.loop.passMillis(1);
        assertArrayEquals(new int[] {0}, a.deferredReply());
        assertArrayEquals(new int[] {Status.Code.INVALID_PARAMETERS}, b.deferredReply());
    }

    @Test
    void anAsynchronousRateHasItsDelayedResponseWhenTheLoopIsLocked() {
        saysNot(PLL_LOCKED);
        assertEquals(0, a.status(CLOCK, RATE_SET, 1, PLL, 200_000_000, 0));
        int header = 0x5205 | (a.lastToken() << 18);
        bench.loop.passMillis(3);
        assertEquals(List.of(), a.events.take());
        says(PLL_LOCKED);
        bench.loop.passMillis(1);
        assertEquals(List.of(Integer.toHexString(header) + " 0 0 bebc200 0"), a.events.take());
    }

    @Test
    void anAsynchronousRateThatFailsSaysSoInItsDelayedResponse() {
        saysNot(PLL_LOCKED);
        assertEquals(0, a.status(CLOCK, RATE_SET, 1, PLL, 200_000_000, 0));
        int header = 0x5205 | (a.lastToken() << 18);
        bench.loop.passMillis(10);
        assertEquals(
                List.of(Integer.toHexString(header) + " " + Integer.toHexString(Status.Code.HARDWARE_ERROR)),
                a.events.take().stream()
                        .map(words -> String.join(" ", List.of(words.split(" ")).subList(0, 2)))
                        .toList());
    }

    @Test
    void severalAsynchronousRatesOfOneAgentEndInTheirOrder() {
        saysNot(PLL_LOCKED);
        a.status(CLOCK, RATE_SET, 1, PLL, 200_000_000, 0);
        a.status(CLOCK, RATE_SET, 1, PLL, 150_000_000, 0);
        a.status(CLOCK, RATE_SET, 1, FREE, 5_000_000, 0);
        assertEquals(1, a.events.take().size(), "the free one");
        says(PLL_LOCKED);
        bench.loop.passMillis(1);
        List<String> came = a.events.take();
        assertEquals(2, came.size());
        assertTrue(came.get(0).endsWith(Integer.toHexString(200_000_000) + " 0"), came.get(0));
        assertTrue(came.get(1).endsWith(Integer.toHexString(150_000_000) + " 0"), came.get(1));
    }

    @Test
    void aClockIsEnabledWhenTheLoopAboveItIsLocked() {
        assertEquals(0, a.call(CLOCK, CONFIG_SET, PIXEL, 1, 0).length);
        assertFalse(clock("pixel").isGateOpen());
        says(VIDEO_LOCKED);
        assertArrayEquals(new int[] {0}, a.awaitReply(1));
        assertTrue(clock("pixel").enabled());
        assertEquals(0, a.status(CLOCK, CONFIG_SET, PIXEL, 0, 0));
        assertFalse(clock("video").enabled());
    }

    @Test
    void aClockThatDoesNotStartIsNotVotedForAndCanBeTriedAgain() {
        assertEquals(0, a.call(CLOCK, CONFIG_SET, PIXEL, 1, 0).length);
        assertArrayEquals(new int[] {Status.Code.HARDWARE_ERROR}, a.awaitReply(10));
        assertEquals(0, clock("pixel").users());
        says(VIDEO_LOCKED);
        assertEquals(0, a.status(CLOCK, CONFIG_SET, PIXEL, 1, 0));
        assertEquals(1, clock("pixel").users());
    }

    private List<String> votersOf(String name) {
        return bench.core.holders(
                bench.core.clockProtocol(), ClockProtocol.VOTE, clock(name).index());
    }

    @Test
    void aClockThatStandsAlthoughItsAgentVotesForItIsStartedAgainWhenTheAgentAsks() {
        says(VIDEO_LOCKED);
        assertEquals(0, a.status(CLOCK, CONFIG_SET, PIXEL, 1, 0));
        assertEquals(0, b.status(CLOCK, CONFIG_SET, PIXEL, 1, 0));
        saysNot(0x100 | VIDEO_LOCKED); // something has switched the loop off
        assertFalse(clock("pixel").enabled());

        assertEquals(0, a.call(CLOCK, CONFIG_SET, PIXEL, 1, 0).length);
        says(VIDEO_LOCKED);
        assertArrayEquals(new int[] {0}, a.awaitReply(1));
        assertTrue(clock("pixel").enabled());
        assertEquals(2, clock("pixel").users());
    }

    @Test
    void aVoteIsNotedWhileTheClockStartsAndTakenBackIfItDoesNot() {
        assertEquals(0, a.call(CLOCK, CONFIG_SET, PIXEL, 1, 0).length);
        assertEquals(List.of("a"), votersOf("pixel"), "a service that is killed now has a clock to account for");
        assertArrayEquals(new int[] {Status.Code.HARDWARE_ERROR}, a.awaitReply(10));
        assertEquals(List.of(), votersOf("pixel"));
    }

    @Test
    void anAgentWhoseConfigurationIsResetWhileItsClockStartsHasNothing() {
        assertEquals(0, a.call(CLOCK, CONFIG_SET, PIXEL, 1, 0).length);
        begin(b, PIXEL, 100_000_000);
        a.agent.release();
        b.agent.release();
        says(VIDEO_LOCKED);
        bench.loop.passMillis(1);
        assertArrayEquals(new int[] {Status.Code.BUSY}, a.deferredReply());
        assertArrayEquals(new int[] {Status.Code.BUSY}, b.deferredReply());
        assertEquals(List.of(), votersOf("pixel"));
        assertFalse(clock("video").enabled());
    }

    @Test
    void aGuestThatIsResetWhileItsClockStartsLeavesItOff() {
        assertEquals(0, a.call(CLOCK, CONFIG_SET, PIXEL, 1, 0).length);
        a.agent.guestReset();
        says(VIDEO_LOCKED);
        bench.loop.passMillis(1);
        assertNull(a.deferredReply());
        assertEquals(0, clock("pixel").users());
        assertFalse(clock("video").enabled());
    }

    @Test
    void aGuestThatIsResetWhileItWaitsForItsTurnChangesNothing() {
        saysNot(PLL_LOCKED);
        begin(a, PLL, 200_000_000);
        begin(b, PLL, 50_000_000);
        b.agent.guestReset();
        says(PLL_LOCKED);
        assertArrayEquals(new int[] {0}, a.awaitReply(1));
        assertEquals(200_000_000, clock("pll").rate());
        assertNull(b.deferredReply());
    }

    @Test
    void aGuestThatCameBackMayAskWhileItsOldRequestIsStillUnderWay() {
        saysNot(PLL_LOCKED);
        begin(a, PLL, 200_000_000);
        a.agent.guestReset();
        begin(a, PLL, 50_000_000);
        says(PLL_LOCKED);
        assertArrayEquals(new int[] {0}, a.awaitReply(1));
        assertEquals(50_000_000, clock("pll").rate());
    }

    @Test
    void anotherParentIsStartedAndLockedBeforeTheSwitch() {
        assertEquals(0, a.status(CLOCK, CONFIG_SET, SYS, 1, 0));
        Bench.Peer all = a;
        assertEquals(0, all.call(CLOCK, PARENT_SET, SYS, VIDEO).length);
        assertEquals(10_000_000, clock("sys").rate());
        says(VIDEO_LOCKED);
        assertArrayEquals(new int[] {0}, all.awaitReply(1));
        assertEquals(100_000_000, clock("sys").rate());
    }

    @Test
    void subscribersAreToldOfTheRequestAtOnceAndOfTheChangeAtItsEndAndByWhom() {
        assertEquals(0, b.status(CLOCK, 9, PLL, 1));
        assertEquals(0, b.status(CLOCK, 0xA, PLL, 1));
        assertEquals(0, a.status(CLOCK, 9, PLL, 1));
        saysNot(PLL_LOCKED);
        begin(a, PLL, 200_000_000);
        bench.loop.settle();
        int id = a.agent.id();
        List<String> requested = b.events.take();
        assertEquals(1, requested.size());
        assertTrue(requested.getFirst().endsWith(" " + id + " 0 bebc200 0"), requested.getFirst());
        says(PLL_LOCKED);
        bench.loop.passMillis(1);
        List<String> changed = b.events.take();
        assertEquals(1, changed.size());
        assertTrue(changed.getFirst().endsWith(" " + id + " 0 bebc200 0"), changed.getFirst());
        assertEquals(changed, a.events.take(), "who asked is told as well");
    }

    @Test
    void aWishThatWasOutdoneWhileItWaitedIsFollowedAgain() throws Exception {
        with(new ArbitrationPolicy.Highest());
        saysNot(PLL_LOCKED);
        begin(a, PLL, 200_000_000);
        begin(b, PLL, 50_000_000);
        says(PLL_LOCKED);
        bench.loop.passMillis(1);
        assertArrayEquals(new int[] {0}, a.deferredReply());
        assertArrayEquals(new int[] {0}, b.deferredReply());
        assertEquals(200_000_000, clock("pll").rate());
        a.agent.guestReset();
        bench.loop.passMillis(1);
        assertEquals(50_000_000, clock("pll").rate());
    }

    @Test
    void aWishThatWinsSinceAnotherIsGoneIsFollowedWhenTheTreeIsFree() throws Exception {
        with(new ArbitrationPolicy.Highest());
        assertEquals(0, a.status(CLOCK, RATE_SET, 0, PLL, 150_000_000, 0));
        assertEquals(0, b.status(CLOCK, RATE_SET, 0, PLL, 50_000_000, 0));
        saysNot(PLL_LOCKED);
        begin(b, PLL, 200_000_000);
        a.agent.guestReset();
        says(PLL_LOCKED);
        assertArrayEquals(new int[] {0}, b.awaitReply(1));
        bench.loop.passMillis(1);
        assertEquals(200_000_000, clock("pll").rate());
    }

    @Test
    void aPowerDomainIsSwitchedWhenItsClocksRun() {
        assertEquals(0, a.call(POWER, 4, 0, 0, 0).length);
        assertEquals(0, bench.cru.read(0x18));
        says(VIDEO_LOCKED);
        assertArrayEquals(new int[] {0}, a.awaitReply(1));
        assertEquals(1, bench.cru.read(0x18));
        assertTrue(clock("pixel").enabled());
    }

    @Test
    void aPowerDomainWhoseClockDoesNotStartStaysOff() {
        assertEquals(0, a.call(POWER, 4, 0, 0, 0).length);
        assertArrayEquals(new int[] {Status.Code.HARDWARE_ERROR}, a.awaitReply(10));
        assertEquals(0, bench.cru.read(0x18));
        assertEquals(0, clock("pixel").users());
    }

    @Test
    void aPowerDomainWaitsForAClockThatSomebodyElseIsStarting() {
        assertEquals(0, b.call(CLOCK, CONFIG_SET, PIXEL, 1, 0).length);
        assertEquals(0, a.call(POWER, 4, 0, 0, 0).length);
        says(VIDEO_LOCKED);
        bench.loop.passMillis(1);
        assertArrayEquals(new int[] {0}, b.deferredReply());
        assertArrayEquals(new int[] {0}, a.deferredReply());
        assertEquals(2, clock("pixel").users());
    }

    @Test
    void aPerformanceLevelThatIsReplacedWhileTheLoopLocksIsReachedAfterwards() {
        saysNot(PLL_LOCKED);
        assertEquals(0, a.status(PERFORMANCE, 7, 0, 200_000));
        assertEquals(0, a.status(PERFORMANCE, 7, 0, 100_000));
        assertArrayEquals(new int[] {0, 100_000}, a.call(PERFORMANCE, 8, 0));
        assertEquals(200_000_000, clock("pll").rate());
        says(PLL_LOCKED);
        bench.loop.passMillis(1);
        assertEquals(100_000_000, clock("pll").rate());
    }

    @Test
    void aPerformanceLevelWaitsForItsClock() {
        saysNot(PLL_LOCKED);
        begin(b, PLL, 150_000_000);
        assertEquals(0, a.status(PERFORMANCE, 7, 0, 200_000));
        assertEquals(150_000_000, clock("pll").rate());
        says(PLL_LOCKED);
        bench.loop.passMillis(1);
        assertEquals(200_000_000, clock("pll").rate());
    }

    @Test
    void aSimulatedLoopTakesTimeToLock() throws Exception {
        Board board = Bench.board(directory, BOARD);
        bench = new Bench(board, List.of(), Map.of(), new HandLoop());
        a = agent("a");
        begin(a, PLL, 200_000_000);
        assertArrayEquals(new int[] {0}, a.awaitReply(1));
        assertEquals(0, a.call(CLOCK, CONFIG_SET, PIXEL, 1, 0).length);
        assertArrayEquals(new int[] {0}, a.awaitReply(1));
    }

    @Test
    void simulatedClocksThatAgentsHadEnabledStartAgainOneAfterTheOther() throws Exception {
        var store = AgentStateStore.open(directory.resolve("state"), "11111111-2222-3333-4444-555555555555");
        var presence = new Agent.Presence(false, 10_000);
        Board board = Bench.board(directory, BOARD);
        bench = new Bench(board, List.of(), Map.of(), new HandLoop());
        Bench.Peer before = bench.agent("a", store, presence, "pixel", "video").withEvents();
        before.call(CLOCK, CONFIG_SET, 0, 1, 0);
        assertArrayEquals(new int[] {0}, before.awaitReply(1));
        assertEquals(0, before.status(CLOCK, CONFIG_SET, 1, 1, 0));
        assertEquals(1, clock("pixel").users());

        bench = new Bench(board, List.of(), Map.of(), new HandLoop());
        bench.agent("a", store, presence, "pixel", "video");
        bench.core.resume(true);
        bench.loop.passMillis(1);
        bench.loop.passMillis(1);
        assertTrue(clock("pixel").enabled());
        assertEquals(1, clock("pixel").users());
        assertEquals(1, clock("video").users());
        store.close();
    }
}
