// The clocks of the microcontroller, as an agent knows them that has asked for this and that.
package org.scmid.system;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.scmid.config.offer.Offer;

/** The clocks of the firmware in guests/stm32l4. */
final class MicrocontrollerClocks extends PlatformClocks {
    /** What the firmware lives by. */
    static final Set<String> CRITICAL =
            Set.of("hsi", "lse", "sysclk", "hclk", "systick", "pclk1", "pclk2", "usart1", "flash", "gpiob", "pwr");

    /** What of them has no choice in the firmware, other than in the chip. */
    private static final Map<String, String> FIXED_PARENTS = Map.of("sysclk", "hsi", "usart1", "hsi");

    /**
     * @param offer what the agent is offered
     */
    MicrocontrollerClocks(Offer offer, Asker asker) {
        super(offer.clocks(), asker);
    }

    /**
     * Whether a clock has to run. What has no switch follows its parent; QEMU has MSI on while it is the source of the PLLs.
     */
    @Override
    public boolean isEnabled(String name) {
        if (CRITICAL.contains(name)) {
            return true;
        }
        if (Set.of("pll-input", "mco", "clk48").contains(name)) {
            return isEnabled(parent(name));
        }
        return isNeeded(name) || (name.equals("msi") && parent("pll-input").equals("msi"));
    }

    @Override
    String onlyParent(String name) {
        List<String> possible = Objects.requireNonNull(
                        MicrocontrollerJudge.BOARD.clocks().get(name))
                .parents();
        String only = FIXED_PARENTS.getOrDefault(name, possible.isEmpty() ? "" : possible.getFirst());
        return clocks().contains(only) ? only : "";
    }
}
