// The register writes that change a rate, in an order in which no clock runs too fast on the way.
package org.scmid.platform.clock;

import org.scmid.config.PllSpec;
import org.scmid.platform.clock.RateSearch.Choice;
import org.scmid.platform.register.Register;

/**
 * The steps from the present settings to those that a search has found. Fields of one clock in one register change in
 * one store. Between two stores no clock runs faster than the higher of its rates before and after:
 *
 * <ul>
 *   <li>a phase-locked loop is changed as {@link PllChange} says;
 *   <li>in one clock, before changing to a faster parent the divider is set, after changing to a slower one;
 *   <li>before a parent becomes faster its child is set, after it became slower.
 * </ul>
 *
 * <p>Planning and applying are apart so that a step which takes time (a PLL that locks) can interrupt the second:
 * {@link #apply} goes on where it was.
 */
final class RatePlan {
    /** A multiplexer and a divider each; and of at most one PLL 4 enable bits twice, bypass twice, and 2 x 6 fields. */
    private static final int MOST_STEPS = 2 * (RateSearch.MOST_ANCESTORS + 1) + 2 * PllSpec.MOST_ENABLE + 2 + 12;

    private final RateSearch search;
    private final PllChange pll;
    private final Register[] registers = new Register[MOST_STEPS];
    private final long[] masks = new long[MOST_STEPS];
    private final long[] values = new long[MOST_STEPS];
    private final Ratio none = new Ratio();
    private int count;
    private int next;

    RatePlan(RateSearch search) {
        this.search = search;
        pll = new PllChange(search, this);
    }

    /** Plans what the search has found. */
    void make() {
        count = 0;
        next = 0;
        plan(0);
    }

    /** Plans to run a clock from another parent, with its settings as they are. */
    void makeSwitch(Clock clock, int position) {
        count = 0;
        next = 0;
        if (clock.hasPll()) {
            pll.plan(clock, position);
        } else {
            addSwitch(clock, position);
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Takes every step that was not taken yet. */
    void apply() {
        while (next < count) {
            int step = next++;
            registers[step].update(masks[step], values[step]);
        }
    }

    private void plan(int level) {
        boolean parentChanges = level + 1 < search.choices();
        if (!parentChanges) {
            planClock(search.choice(level), parentRateAt(search.choice(level)));
            return;
        }
        Choice choice = search.choice(level);
        Choice parent = search.choice(level + 1);
        Ratio before = search.rateNow(parent.clock());
        if (before.isBelow(parent.rate)) {
            planClock(choice, before);
            plan(level + 1);
        } else {
            plan(level + 1);
            planClock(choice, parent.rate);
        }
    }

    private Ratio parentRateAt(Choice choice) {
        return choice.position == Clock.NONE
                ? none
                : search.rateNow(choice.clock().parents().get(choice.position));
    }

    /** Plans one clock's stores; the parent that was chosen has the given rate by then. */
    private void planClock(Choice choice, Ratio newParentRate) {
        Clock clock = choice.clock();
        if (clock.hasPll()) {
            pll.plan(choice);
            return;
        }
        int position = search.positionNow(clock);
        boolean switches = choice.position != position;
        Divider divider = clock.divider();
        if (divider != null && divider.divisor() == choice.divisor) {
            divider = null;
        }
        if (divider != null && switches && divider.register() == clock.mux().register()) {
            add(
                    divider.register(),
                    divider.mask() | clock.mux().mask(),
                    divider.bitsOf(choice.divisor) | clock.muxBits(choice.position));
            return;
        }
        Ratio oldParentRate =
                position == Clock.NONE ? none : search.rateNow(clock.parents().get(position));
        boolean switchFirst = newParentRate.isBelow(oldParentRate);
        if (switches && switchFirst) {
            addSwitch(clock, choice.position);
        }
        if (divider != null) {
            add(divider.register(), divider.mask(), divider.bitsOf(choice.divisor));
        }
        if (switches && !switchFirst) {
            addSwitch(clock, choice.position);
        }
    }

    private void addSwitch(Clock clock, int position) {
        add(clock.mux().register(), clock.mux().mask(), clock.muxBits(position));
    }

    /** One store. */
    void add(Register register, long mask, long bits) {
        registers[count] = register;
        masks[count] = mask;
        values[count] = bits;
        count++;
    }
}
