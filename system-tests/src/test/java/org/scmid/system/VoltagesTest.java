// A guest's regulators: a consumer changes a voltage and switches it, and registers say so.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.WholeBoard.CARD;
import static org.scmid.system.WholeBoard.CARD_AT_3V3;
import static org.scmid.system.WholeBoard.CARD_CONSUMER;
import static org.scmid.system.WholeBoard.CARD_ON;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag(LinuxGuest.TESTS)
@Tag(LinuxGuest.SAMPLE)
@ExtendWith(WholeBoard.Shared.class)
final class VoltagesTest {
    private final TestBoard board;
    private final LinuxGuest guest;

    VoltagesTest(WholeBoard whole) {
        board = whole.board();
        guest = whole.guest();
    }

    @Test
    void aConsumerSwitchesItsSupplyOnChangesItsVoltageAndSwitchesItOff() {
        String regulator = guest.run("dirname $(grep -lx card /sys/class/regulator/*/name)")
                .output()
                .strip();
        assertTrue(regulator.startsWith("/sys/class/regulator/"), regulator + guest.complaints());
        assertEquals("disabled", guest.read(regulator + "/state"));
        assertFalse(board.isSet(CARD, CARD_ON));

        guest.write("3300000", CARD_CONSUMER + "/max_microvolts");
        guest.write("3300000", CARD_CONSUMER + "/min_microvolts");
        assertEquals("3300000", guest.read(regulator + "/microvolts"));
        assertEquals("enabled", guest.read(regulator + "/state"));
        assertEquals(CARD_ON | CARD_AT_3V3, board.register(CARD));

        guest.write("1800000", CARD_CONSUMER + "/min_microvolts");
        guest.write("1800000", CARD_CONSUMER + "/max_microvolts");
        assertEquals("1800000", guest.read(regulator + "/microvolts"));
        assertEquals(CARD_ON, board.register(CARD));

        guest.write("0", CARD_CONSUMER + "/min_microvolts");
        assertEquals("disabled", guest.read(regulator + "/state"));
        assertEquals(0, board.register(CARD));
    }
}
