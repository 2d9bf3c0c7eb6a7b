// What a board file may say of clocks, and its author would rather know.
package org.scmid.config.clock;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Problem;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Units;
import org.scmid.config.resource.ParentOrder;

/** What a board file may say of clocks, and its author would rather know: nothing is wrong, but not all will be as it seems. */
public final class ClockWarnings {
    /** What takes more steps than this to list is described as a range. */
    public static final long MOST_LIST_STEPS = 1 << 15;

    private final Map<String, ClockSpec> clocks;
    private final Map<String, PossibleRates> possible = new HashMap<>();
    private final Map<String, Double> settings = new HashMap<>();
    private final Problems found = new Problems();

    private ClockWarnings(Map<String, ClockSpec> clocks) {
        this.clocks = clocks;
    }

    /** Looks at the clocks of a board without mistakes, by name. */
    public static List<Problem> of(Map<String, ClockSpec> clocks) {
        ClockWarnings warnings = new ClockWarnings(clocks);
        Map<String, List<String>> parents = new LinkedHashMap<>();
        clocks.forEach((name, clock) -> parents.put(name, clock.parents()));
        try {
            ParentOrder.of(parents)
                    .parentsFirst()
                    .forEach(name -> warnings.look(Objects.requireNonNull(clocks.get(name), name)));
        } catch (Problems.Enough enough) {
            return warnings.found.exception().problems();
        }
        return warnings.found.count() == 0
                ? List.of()
                : warnings.found.exception().problems();
    }

    private void look(ClockSpec clock) {
        List<PossibleRates> sources = clock.parents().stream()
                .map(parent -> Objects.requireNonNull(possible.get(parent), parent))
                .toList();
        possible.put(clock.name(), PossibleRates.of(clock, sources));
        settings.put(clock.name(), settings(clock));
        warnOfRatesThatFollow(clock);
        warnOfLongList(clock);
    }

    /** Nothing of its own to set: if its parent leaves its limits with it, no rate can be set. */
    private void warnOfRatesThatFollow(ClockSpec clock) {
        boolean isFree = clock.divider() != null
                || clock.pll() != null
                || clock.setParentRate()
                || clock.mux() != null
                || clock.fixed() != null;
        if (isFree) {
            return;
        }
        PossibleRates rates = Objects.requireNonNull(possible.get(clock.name()));
        boolean isAbove = clock.rates().max() < Long.MAX_VALUE
                && rates.highest() >= (double) clock.rates().max() + 1;
        boolean isBelow = rates.lowest() < (double) clock.rates().min();
        if (isAbove || isBelow) {
            String bound = isAbove
                    ? "above " + Units.showRate(clock.rates().max())
                    : "below " + Units.showRate(clock.rates().min());
            found.add(
                    clock.place(),
                    "clock " + Problems.quote(clock.name()) + " has no setting of its own, and its parent can run it "
                            + bound + ", where `rates` leaves it no rate: agents are told the one that it has; "
                            + "`set-parent-rate: true` lets them change its parent's");
        }
    }

    private void warnOfLongList(ClockSpec clock) {
        PossibleRates rates = Objects.requireNonNull(possible.get(clock.name()));
        double lowest = Math.max(rates.lowest(), (double) clock.rates().min());
        double span = Math.min(rates.highest(), (double) clock.rates().max()) - lowest + 1;
        double steps = clock.setParentRate()
                ? Objects.requireNonNull(settings.get(clock.name()))
                : Math.min(Objects.requireNonNull(settings.get(clock.name())), span);
        if (clock.describe() == Describe.LIST && steps > MOST_LIST_STEPS) {
            found.add(
                    clock.place(),
                    "clock " + Problems.quote(clock.name()) + ": to list its rates takes up to "
                            + (steps < 1e15 ? String.valueOf((long) steps) : "more than 10^15") + " steps, and "
                            + MOST_LIST_STEPS + " are taken at most: agents are told a range; use `describe: range`");
        }
    }

    /** In how many ways it can be set, with those above it that change with it. */
    private double settings(ClockSpec clock) {
        double own = count(clock.divider());
        PllSpec pll = clock.pll();
        if (pll != null) {
            own = count(pll.reference()) * count(pll.feedback());
            for (DividerSpec post : pll.post()) {
                own *= count(post);
            }
            PllSpec.Fraction fraction = pll.fraction();
            own *= fraction == null ? 1 : fraction.numerator().max() + 1.0;
        }
        double above = 0;
        List<String> parents = clock.reparent() || clock.parents().isEmpty()
                ? clock.parents()
                : clock.parents().subList(0, 1);
        for (String parent : parents) {
            above += 1 + (clock.setParentRate() ? ofParent(clocks.get(parent)) : 0);
        }
        return own * Math.max(1, above);
    }

    private double ofParent(@Nullable ClockSpec parent) {
        return parent == null || parent.fixed() != null ? 0 : Objects.requireNonNull(settings.get(parent.name()));
    }

    private static double count(@Nullable DividerSpec divider) {
        return divider == null ? 1 : PossibleRates.settings(divider);
    }
}
