// A guest's power domains: real consumers switch them, and register bits say so.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.WholeBoard.DSP_BUS;
import static org.scmid.system.WholeBoard.DSP_ON;
import static org.scmid.system.WholeBoard.GPU_BUS;
import static org.scmid.system.WholeBoard.GPU_ON;
import static org.scmid.system.WholeBoard.MEDIA_OFF;
import static org.scmid.system.WholeBoard.POWER;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag(LinuxGuest.TESTS)
@Tag(LinuxGuest.SAMPLE)
@ExtendWith(WholeBoard.Shared.class)
final class PowerDomainsTest {
    private static final String GENPD = "/sys/kernel/debug/pm_genpd/";

    private final WholeBoard whole;
    private final TestBoard board;
    private final LinuxGuest guest;

    PowerDomainsTest(WholeBoard whole) {
        this.whole = whole;
        board = whole.board();
        guest = whole.guest();
    }

    @Test
    void aConsumerSwitchesItsDomainOnAndOff() {
        assertTrue(guest.run("cat " + GENPD + "pm_genpd_summary").ok().contains("pm-bus-0"), guest.complaints());
        assertFalse(board.isSet(POWER, GPU_ON), "nobody needs it");
        assertEquals("off-0", guest.read(GENPD + "gpu/current_state"));

        guest.write("on", GPU_BUS + "/power/control");
        assertEquals("active", guest.read(GPU_BUS + "/power/runtime_status"));
        assertEquals("on", guest.read(GENPD + "gpu/current_state"));
        assertTrue(board.isSet(POWER, GPU_ON));

        guest.write("auto", GPU_BUS + "/power/control");
        Deadline.await("gpu is off", () -> !board.isSet(POWER, GPU_ON), guest::complaints);
        guest.awaitText("off-0", GENPD + "gpu/current_state");
    }

    @Test
    void aDomainThatWasOnAndThatNoDriverUsesIsSwitchedOffByLinux() {
        Deadline.await("media is off", () -> board.isSet(POWER, MEDIA_OFF), guest::complaints);
        assertEquals("off-0", guest.read(GENPD + "media/current_state"));
    }

    @Test
    void aDomainThatTakesTimeIsOnWhenHardwareSaysSoAndTheGuestGoesOnMeanwhile() {
        whole.letTheDspHang(true);
        String switching = guest.begin("echo on > " + DSP_BUS + "/power/control");
        Deadline.await("dsp is being switched on", () -> board.isSet(POWER, DSP_ON), guest::complaints);
        assertEquals("resuming", guest.read(DSP_BUS + "/power/runtime_status"), "hardware has not said that it is on");
        whole.letTheDspHang(false);
        guest.await(switching).ok();
        assertEquals("active", guest.read(DSP_BUS + "/power/runtime_status"));
        assertEquals("on", guest.read(GENPD + "dsp/current_state"));

        guest.write("auto", DSP_BUS + "/power/control");
        guest.awaitText("off-0", GENPD + "dsp/current_state");
        assertFalse(board.isSet(POWER, DSP_ON));
    }
}
