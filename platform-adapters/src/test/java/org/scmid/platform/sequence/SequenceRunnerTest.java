// Sequences: what is written when, and how they end.
package org.scmid.platform.sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scmid.config.board.Board;
import org.scmid.config.sequence.SequenceStep;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.WatchedWindow;
import org.scmid.testing.HandLoop;

class SequenceRunnerTest {
    private final Board board = new BoardBuilder().initial(0x20, 0xF0).build();
    private final WatchedWindow window = WatchedWindow.of(board);
    private final HandLoop time = new HandLoop();
    private final List<Boolean> ends = new ArrayList<>();
    private final SequenceRunner runner = new SequenceRunner("test", time, ends::add);

    private static SequenceStep write(long offset, int bit, long value) {
        return new SequenceStep.Write(BoardBuilder.bits(offset, bit, bit), value);
    }

    private static SequenceStep delay(long micros) {
        return new SequenceStep.Delay(Duration.ofNanos(micros * 1000));
    }

    private static SequenceStep poll(long offset, int bit, long value, long timeoutMicros, long intervalMicros) {
        return new SequenceStep.Poll(
                BoardBuilder.bits(offset, bit, bit),
                value,
                Duration.ofNanos(timeoutMicros * 1000),
                Duration.ofNanos(intervalMicros * 1000));
    }

    private void start(SequenceStep... steps) {
        runner.start(Sequence.of(List.of(steps), window.windows(board)));
    }

    @Test
    void writesAreDoneAtOnceAndKeepOtherBits() {
        start(write(0x20, 0, 1), write(0x20, 4, 0));
        assertEquals(List.of("0x20=0xf1", "0x20=0xe1"), window.stores());
        assertEquals(List.of(true), ends);
        assertFalse(runner.isRunning());
        assertEquals(0, time.armed());
    }

    @Test
    void aDelayLetsOthersGoOnAndWhatFollowsComesLater() {
        start(write(0x20, 0, 1), delay(50), write(0x20, 0, 0), delay(10));
        assertEquals(List.of("0x20=0xf1"), window.stores());
        assertTrue(runner.isRunning());
        time.passMicros(49);
        assertEquals(1, window.stores().size());
        time.passMicros(1);
        assertEquals(List.of("0x20=0xf1", "0x20=0xf0"), window.stores());
        assertEquals(List.of(), ends);
        time.passMicros(10);
        assertEquals(List.of(true), ends);
    }

    @Test
    void aPollReadsAtOnceAndThenAfterEachInterval() {
        start(poll(0x24, 3, 1, 100, 10), write(0x20, 0, 1));
        assertEquals(1, window.reads());
        time.passMicros(35);
        assertEquals(4, window.reads());
        window.poke(0x24, 8);
        time.passMicros(5);
        assertEquals(List.of(true), ends);
        assertEquals(List.of("0x20=0xf1"), window.stores());
    }

    @Test
    void aPollThatIsTrueAlreadyDoesNotWait() {
        window.poke(0x24, 8);
        start(poll(0x24, 3, 1, 100, 10));
        assertEquals(List.of(true), ends);
        assertEquals(0, time.armed());
    }

    @Test
    void aPollWhoseTimeIsOverEndsTheSequenceAfterALastLook() {
        start(poll(0x24, 3, 1, 25, 10), write(0x20, 0, 1));
        time.passMicros(24);
        assertEquals(List.of(), ends);
        time.passMicros(1);
        assertEquals(List.of(false), ends);
        assertEquals(4, window.reads(), "at 0, 10, 20 and 25 us");
        assertEquals(List.of(), window.stores(), "nothing is done after the failure");
        assertFalse(runner.isRunning());
    }

    @Test
    void eachPollHasATimeOutOfItsOwn() {
        start(poll(0x24, 3, 1, 25, 10), poll(0x24, 4, 1, 25, 10));
        time.passMicros(20);
        window.poke(0x24, 8);
        time.passMicros(5);
        time.passMicros(20);
        assertEquals(List.of(), ends);
        window.poke(0x24, 0x18);
        time.passMicros(10);
        assertEquals(List.of(true), ends);
    }

    @Test
    void aRegisterThatCannotBeReachedEndsTheSequence() {
        window.afterStore(() -> {
            throw new InternalError("cut off");
        });
        start(write(0x20, 0, 1), write(0x20, 1, 1));
        assertEquals(List.of(false), ends);
        assertEquals(1, window.stores().size());
    }

    @Test
    void theNextSequenceStartsAnew() {
        start(poll(0x24, 3, 1, 10, 10));
        time.passMicros(10);
        start(delay(10), write(0x20, 0, 1));
        time.passMicros(10);
        assertEquals(List.of(false, true), ends);
        assertEquals(List.of("0x20=0xf1"), window.stores());
    }

    @Test
    void oneSequenceRunsAtATime() {
        start(delay(10));
        assertThrows(IllegalStateException.class, () -> start(delay(10)));
    }

    @Test
    void aSequenceOfNothingIsDone() {
        start();
        assertEquals(List.of(true), ends);
    }
}
