// The clocks of both co-processors, as an agent knows them that has asked for this and that.
package org.scmid.system;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.scmid.config.offer.ClockOffer;

/** The clocks of a {@link CoprocessorBoard}. */
final class CoprocessorClocks extends PlatformClocks {
    /** What nobody stops. */
    static final Set<String> CRITICAL = Set.of("xtal", "rtc-xtal", "core", "watchdog");

    /** What has no switch of its own. */
    static final String FOLLOWER = "pll-input";

    /**
     * @param offered what the agent is offered
     */
    CoprocessorClocks(List<ClockOffer> offered, Asker asker) {
        super(offered, asker);
    }

    @Override
    public boolean isEnabled(String name) {
        String own = CoprocessorBoard.ownName(name);
        return CRITICAL.contains(own) || (own.equals(FOLLOWER) ? isEnabled(parent(name)) : isNeeded(name));
    }

    @Override
    String onlyParent(String name) {
        String own = CoprocessorBoard.ownName(name);
        List<String> parents =
                Objects.requireNonNull(Coprocessor.UNIT.clocks().get(own)).parents();
        return parents.isEmpty() ? "" : name.substring(0, name.length() - own.length()) + parents.getFirst();
    }
}
