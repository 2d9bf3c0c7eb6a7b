// A guest's resets: a driver's device is taken out of reset, and messages move reset lines.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.WholeBoard.CODEC_RUNS;
import static org.scmid.system.WholeBoard.RESETS;
import static org.scmid.system.WholeBoard.RTC_CLOCK;
import static org.scmid.system.WholeBoard.RTC_RESET;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag(LinuxGuest.TESTS)
@Tag(LinuxGuest.SAMPLE)
@ExtendWith(WholeBoard.Shared.class)
final class ResetsTest {
    private static final int CODEC = 1;
    private static final int DEASSERT = 0;
    private static final int PULSE = 1;
    private static final int ASSERT = 2;

    private final TestBoard board;
    private final LinuxGuest guest;

    ResetsTest(WholeBoard whole) {
        board = whole.board();
        guest = whole.guest();
    }

    @Test
    void theRealTimeClockIsTakenOutOfResetAndItsDriverBinds() {
        Deadline.await(
                "the PL031 driver is bound",
                () -> guest.run("ls /sys/class/rtc").ok().contains("rtc0"),
                guest::complaints);
        assertFalse(board.isSet(RESETS, RTC_RESET), "it was asserted when the guest started");
        // its clock came with it: 24 MHz / 3, and on
        assertEquals((1 << 8) | 2, board.register(RTC_CLOCK));
    }

    @Test
    void aResetIsAssertedReleasedAndPulsedByMessages() {
        assertTrue(board.isSet(RESETS, CODEC_RUNS), "at first");
        reset(ASSERT);
        assertFalse(board.isSet(RESETS, CODEC_RUNS), "asserted");
        reset(DEASSERT);
        assertTrue(board.isSet(RESETS, CODEC_RUNS), "released");
        reset(ASSERT);
        reset(PULSE);
        assertTrue(board.isSet(RESETS, CODEC_RUNS), "a whole reset ends with it released");
    }

    private void reset(int flags) {
        int header = Scmi.header(Scmi.RESET, Scmi.RESET_SET, 0);
        assertArrayEquals(new int[] {header, SUCCESS}, guest.scmi(header, CODEC, flags, 0));
    }
}
