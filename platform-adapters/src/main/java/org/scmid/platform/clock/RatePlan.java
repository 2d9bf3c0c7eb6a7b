// The register writes that change a rate, in an order in which no clock runs too fast on the way.
package org.scmid.platform.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.PllSpec;
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
 * <p>A step may be to wait until hardware says that it has done the one before, such as a loop that it is locked:
 * {@link #apply} then returns, and goes on where it was when it is called again.
 */
final class RatePlan {
    /**
     * A multiplexer, its status and a divider each; and of at most one PLL 4 enable bits twice, bypass twice, its lock
     * twice, 2 x 6 fields, and those that follow the feedback.
     */
    private static final int MOST_STEPS =
            3 * (RateSearch.MOST_ANCESTORS + 1) + 2 * PllSpec.MOST_ENABLE + PllSpec.MOST_FOLLOWERS + 2 + 2 + 12;

    private @Nullable RateSearch found;
    private final PllChange pll;
    private final @Nullable Register[] registers = new Register[MOST_STEPS];
    private final @Nullable Ready[] waits = new Ready[MOST_STEPS];
    private final long[] masks = new long[MOST_STEPS];
    private final long[] values = new long[MOST_STEPS];
    private final Ratio none = new Ratio();
    private int count;
    private int next;
    private @Nullable Pll stopped;

    RatePlan() {
        pll = new PllChange(this);
    }

    /** What knows the rates before. */
    RateSearch search() {
        if (found == null) {
            throw new IllegalStateException("nothing was looked for");
        }
        return found;
    }

    /** Plans what the search has found. */
    void make(RateSearch search) {
        begin();
        found = search;
        plan(0);
    }

    /** Plans to run a clock from another parent, with its settings as they are. */
    void makeSwitch(RateSearch search, Clock clock, int position) {
        begin();
        found = search;
        if (clock.hasPll()) {
            pll.plan(clock, position);
        } else {
            addSwitch(clock, position);
        }
    }

    private void begin() {
        count = 0;
        next = 0;
        stopped = null;
    }

    /** A loop that is on is switched off by the steps planned so far, and on again by later ones. */
    void stops(Pll loop) {
        stopped = loop;
    }

    /** Switches a loop on again that was stopped by steps that were taken, if those that start it were not. */
    void restart() {
        Pll loop = stopped;
        if (loop != null && next > 0 && !loop.isEnabled()) {
            loop.setEnabled(true);
        }
    }

    /** Plans nothing: what is there already does for the change that is made. */
    void makeNothing() {
        begin();
    }

    /** Plans nothing but to wait for something that was begun. */
    void makeWait(Ready ready) {
        makeNothing();
        addWait(ready, ready.valueFor(true));
    }

    /**
     * Takes the steps that were not taken yet, up to one that waits for hardware.
     *
     * @return what has to say {@link #awaited} before it can go on; null if every step was taken
     */
    @Nullable
    Ready apply() {
        for (; next < count; next++) {
            Register register = registers[next];
            Ready wait = waits[next];
            if (register != null) {
                register.update(masks[next], values[next]);
            } else if (wait != null && !wait.says(values[next])) {
                return wait;
            }
        }
        return null;
    }

    /** The value of the step that is waited for. */
    long awaited() {
        return values[next];
    }

    private void plan(int level) {
        boolean parentChanges = level + 1 < search().choices();
        if (!parentChanges) {
            planClock(search().choice(level), parentRateAt(search().choice(level)));
            return;
        }
        Choice choice = search().choice(level);
        Choice parent = search().choice(level + 1);
        Ratio before = search().rateNow(parent.clock());
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
                : search().rateNow(choice.clock().parents().get(choice.position));
    }

    /** Plans one clock's stores; the parent that was chosen has the given rate by then. */
    private void planClock(Choice choice, Ratio newParentRate) {
        Clock clock = choice.clock();
        if (clock.hasPll()) {
            pll.plan(choice);
            return;
        }
        int position = search().positionNow(clock);
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
            addStatus(clock, choice.position);
            return;
        }
        Ratio oldParentRate =
                position == Clock.NONE ? none : search().rateNow(clock.parents().get(position));
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
        addStatus(clock, position);
    }

    /** The multiplexer says that it runs from the parent. */
    void addStatus(Clock clock, int position) {
        Ready status = clock.muxStatus();
        if (status != null) {
            addWait(status, clock.muxStatusValue(position));
        }
    }

    /** Hardware says a value. */
    void addWait(Ready ready, long value) {
        registers[count] = null;
        waits[count] = ready;
        values[count] = value;
        count++;
    }

    /** One store. */
    void add(Register register, long mask, long bits) {
        registers[count] = register;
        waits[count] = null;
        masks[count] = mask;
        values[count] = bits;
        count++;
    }
}
