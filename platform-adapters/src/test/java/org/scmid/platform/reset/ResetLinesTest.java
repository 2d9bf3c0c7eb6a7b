// Resets: what is written, in which order, and how it ends.
package org.scmid.platform.reset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.platform.Asker;
import org.scmid.platform.TestBoards;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.ResetAction;
import org.scmid.testing.HandLoop;

class ResetLinesTest {
    private static final String BOARD = """
            board: resets
            registers:
              cru: { at: 0, size: 256 B, access: simulated, initial: { 0x0: 2 } }
            clocks: {}
            resets:
              plain: { register: cru, bit: 0, hold: 10 us }
              low:   { register: cru, bit: 1, assert: low, hold: 10 us }
              clear: { register: cru, bit: 2, self-clearing: true, timeout: 1 ms, asynchronous: true, latency: 30 us }
              steps:
                on-assert:   [write: { register: cru+4, bit: 0, value: 1 }, poll: { register: cru+8, bit: 0, value: 1, timeout: 1 ms }]
                on-deassert: [write: { register: cru+4, bit: 0, value: 0 }]
                on-reset:    [write: { register: cru+4, bit: 1, value: 1 }]
            """;

    private final HandLoop time = new HandLoop();
    private final List<String> ends = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private WatchedWindow window;

    @SuppressWarnings("NullAway.Init")
    private ResetLines lines;

    @BeforeEach
    void make(@TempDir Path folder) throws Exception {
        Board board = TestBoards.read(folder, BOARD);
        window = WatchedWindow.of(board);
        lines = new ResetLines(board, window.windows(board), time);
    }

    private Outcome perform(ResetLine line, ResetAction action, int tag) {
        return line.perform(action, new Asker(line + " " + action + " " + tag, ends));
    }

    @Test
    void makingThemTouchesNoRegister() {
        assertEquals(0, window.reads() + window.writes());
        assertEquals(4, lines.lines().size());
    }

    @Test
    void assertingAndReleasingIsOneWriteEach() {
        ResetLine plain = lines.get("plain");
        assertEquals(Outcome.OK, perform(plain, ResetAction.ASSERT, 7));
        assertTrue(plain.isAsserted());
        assertEquals(Outcome.OK, perform(plain, ResetAction.DEASSERT, 7));
        assertFalse(plain.isAsserted());
        assertEquals(List.of("0x0=0x3", "0x0=0x2"), window.stores());
        assertEquals(List.of(), ends, "what is done at once is not told");
    }

    @Test
    void aWholeResetHoldsAndThenReleases() {
        assertEquals(Outcome.STARTED, perform(lines.get("plain"), ResetAction.RESET, 7));
        assertTrue(lines.get("plain").isBusy());
        time.passMicros(9);
        assertEquals(List.of("0x0=0x3"), window.stores());
        time.passMicros(1);
        assertEquals(List.of("0x0=0x3", "0x0=0x2"), window.stores());
        assertEquals(List.of("plain RESET 7 OK"), ends);
    }

    @Test
    void aLowActiveResetIsAssertedByAZero() {
        ResetLine low = lines.get("low");
        assertFalse(low.isAsserted());
        perform(low, ResetAction.RESET, 1);
        assertTrue(low.isAsserted());
        time.passMicros(10);
        assertFalse(low.isAsserted());
        assertEquals(List.of("0x0=0x0", "0x0=0x2"), window.stores());
    }

    @Test
    void aSelfClearingResetEndsWhenHardwareHasClearedIt() {
        ResetLine clear = lines.get("clear");
        assertFalse(clear.supports(ResetAction.ASSERT));
        assertFalse(clear.supports(ResetAction.DEASSERT));
        assertTrue(clear.isAsynchronous());
        assertEquals(30, clear.latencyMicros());
        assertEquals(Outcome.STARTED, perform(clear, ResetAction.RESET, 1));
        time.passMicros(200);
        assertEquals(List.of(), ends);
        window.poke(0, 2);
        time.passMicros(50);
        assertEquals(List.of("clear RESET 1 OK"), ends);
    }

    @Test
    void aResetThatHardwareDoesNotEndFails() {
        perform(lines.get("clear"), ResetAction.RESET, 1);
        time.passMicros(1000);
        assertEquals(List.of("clear RESET 1 FAILED"), ends);
        assertFalse(lines.get("clear").isBusy());
    }

    @Test
    void whatComesMeanwhileIsDoneInItsTurn() {
        ResetLine plain = lines.get("plain");
        perform(plain, ResetAction.RESET, 1);
        assertEquals(Outcome.STARTED, perform(plain, ResetAction.ASSERT, 2));
        assertEquals(Outcome.STARTED, perform(plain, ResetAction.RESET, 3));
        assertEquals(Outcome.STARTED, perform(plain, ResetAction.ASSERT, 4));
        time.passMicros(10);
        assertEquals(List.of("plain RESET 1 OK", "plain ASSERT 2 OK"), ends);
        time.passMicros(10);
        assertEquals(List.of("plain RESET 1 OK", "plain ASSERT 2 OK", "plain RESET 3 OK", "plain ASSERT 4 OK"), ends);
        assertTrue(plain.isAsserted(), "the last command wins");
        assertFalse(plain.isBusy());
    }

    @Test
    void aFailureDoesNotStopThoseWhoWait() {
        ResetLine steps = lines.get("steps");
        assertFalse(steps.hasState());
        perform(steps, ResetAction.ASSERT, 1);
        perform(steps, ResetAction.DEASSERT, 2);
        time.passMicros(1000);
        assertEquals(List.of("steps ASSERT 1 FAILED", "steps DEASSERT 2 OK"), ends);
    }

    @Test
    void oneLineDoesNotWaitForAnother() {
        perform(lines.get("clear"), ResetAction.RESET, 1);
        assertEquals(Outcome.OK, perform(lines.get("steps"), ResetAction.RESET, 2));
    }

    @Test
    void tooManyOfOneCauseAreRefusedAndThoseOfAnotherAreNot() {
        ResetLine plain = lines.get("plain");
        Asker greedy = Asker.named("greedy");
        plain.perform(ResetAction.RESET, greedy);
        for (int i = 0; i < ResetLine.MOST_OF_ONE_CAUSE; i++) {
            assertEquals(Outcome.STARTED, plain.perform(ResetAction.ASSERT, new Asker("of it", ends, greedy)));
        }
        assertEquals(Outcome.NOT_NOW, plain.perform(ResetAction.ASSERT, new Asker("of it", ends, greedy)));
        assertEquals(Outcome.STARTED, perform(plain, ResetAction.DEASSERT, 1));
        time.passMicros(10);
        assertEquals(ResetLine.MOST_OF_ONE_CAUSE + 1, ends.size());
        assertEquals(Outcome.OK, perform(plain, ResetAction.DEASSERT, 2));
    }

    @Test
    void whoAsksWaitsForOneRequestOfEachOtherHoweverManyTheyHave() {
        ResetLine plain = lines.get("plain");
        Asker greedy = Asker.named("greedy");
        Asker keen = Asker.named("keen");
        for (int i = 0; i < 4; i++) {
            plain.perform(ResetAction.RESET, new Asker("greedy " + i, ends, greedy));
            plain.perform(ResetAction.RESET, new Asker("keen " + i, ends, keen));
        }
        plain.perform(ResetAction.RESET, new Asker("calm", ends));
        time.passMicros(30);
        assertEquals(List.of("greedy 0 OK", "keen 0 OK", "calm OK"), ends);
        time.passMicros(60);
        assertEquals(
                List.of("greedy 1 OK", "keen 1 OK", "greedy 2 OK", "keen 2 OK", "greedy 3 OK", "keen 3 OK"),
                ends.subList(3, 9),
                "in order for each");
    }

    @Test
    void whoAsksAgainAndAgainKeepsNobodyFromItsTurn() {
        ResetLine plain = lines.get("plain");
        Asker warring = new Asker("war", new ArrayList<>());
        warring.then(() -> plain.perform(ResetAction.RESET, warring));
        plain.perform(ResetAction.RESET, warring);
        for (int i = 0; i < 100; i++) {
            time.passMicros(3);
            ends.clear();
            plain.perform(ResetAction.RESET, new Asker("calm", ends));
            time.passMicros(20);
            assertEquals(List.of("calm OK"), ends);
        }
    }

    @Test
    void whoIsToldMayAskAgainAndWaitsForItsTurn() {
        ResetLine plain = lines.get("plain");
        Asker again = new Asker("again", ends);
        plain.perform(
                ResetAction.RESET, new Asker("first", ends).then(() -> plain.perform(ResetAction.DEASSERT, again)));
        plain.perform(ResetAction.RESET, new Asker("second", ends));
        time.passMicros(10);
        assertEquals(List.of("first OK"), ends, "the second one's turn came first");
        time.passMicros(10);
        assertEquals(List.of("first OK", "second OK", "again OK"), ends);
    }

    @Test
    void whoThrowsKeepsNobodyFromItsTurn() {
        ResetLine plain = lines.get("plain");
        plain.perform(ResetAction.RESET, new Asker("first", ends).then(() -> {
                    throw new IllegalStateException("as the test wants");
                }));
        plain.perform(ResetAction.ASSERT, new Asker("second", ends));
        time.passMicros(10);
        assertEquals(List.of("first OK", "second OK"), ends);
    }

    @Test
    void theDriversAreInTheBoardsOrder() {
        assertEquals(lines.lines(), lines.drivers());
    }

    @Test
    void anUnknownNameIsAMistake() {
        assertThrows(IllegalArgumentException.class, () -> lines.get("none"));
    }
}
