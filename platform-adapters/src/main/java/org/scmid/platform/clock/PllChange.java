// The register writes that change a phase-locked loop, in an order in which its output is never too fast.
package org.scmid.platform.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.PllSpec;
import org.scmid.platform.clock.RateSearch.Choice;
import org.scmid.platform.register.Register;

/**
 * Plans the change of a clock with a phase-locked loop. Its output is, between two stores,
 *
 * <ul>
 *   <li>nothing, while the loop is switched off for the change;
 *   <li>the parent's rate, while it is bypassed, if that is not faster than both the old rate and the new one;
 *   <li>at most the higher of the old rate and the new one, where the loop runs on: first all that makes it slower is
 *       set, then all that makes it faster.
 * </ul>
 */
final class PllChange {
    /** A multiplexer, a reference divider, feedback, its fraction and what follows it, and two post dividers. */
    private static final int MOST_FACTORS = 6 + PllSpec.MOST_FOLLOWERS;

    private final RatePlan plan;
    private final @Nullable Register[] registers = new Register[MOST_FACTORS];
    private final long[] masks = new long[MOST_FACTORS];
    private final long[] bits = new long[MOST_FACTORS];
    private final boolean[] slower = new boolean[MOST_FACTORS];
    private final boolean[] planned = new boolean[MOST_FACTORS];
    private final Ratio before = new Ratio();
    private final Ratio after = new Ratio();
    private int count;

    PllChange(RatePlan plan) {
        this.plan = plan;
    }

    /** Plans a setting that was found, which also ends a bypass. */
    void plan(Choice choice) {
        Clock clock = choice.clock();
        count = 0;
        addSwitch(clock, choice.position);
        clock.pll().planSetting(this, choice.setting);
        after.set(choice.rate);
        around(clock, choice.position, true);
    }

    /** Plans to run from another parent, with all settings as they are. */
    void plan(Clock clock, int position) {
        count = 0;
        addSwitch(clock, position);
        clock.passNow(after.set(plan.search().rateNow(clock.parents().get(position))));
        around(clock, position, false);
    }

    private void around(Clock clock, int position, boolean endsBypass) {
        Pll pll = clock.pll();
        boolean switches = plan.search().positionNow(clock) != position;
        boolean wasBypassed = pll.isBypassed();
        boolean wasEnabled = pll.isEnabled();
        boolean ends = wasBypassed && endsBypass;
        if (count == 0 && !ends) {
            return;
        }
        boolean runsOn = wasEnabled && pll.whileChanging() == PllSpec.WhileChanging.RUN;
        boolean stops = wasEnabled && !runsOn;
        boolean begins = stops && !wasBypassed && mayBypass(clock, position);
        if (begins) {
            pll.planBypassed(this, true);
        }
        if (stops) {
            plan.stops(pll);
            pll.planEnabled(this, false);
            waitForUnlock(pll);
        }
        planFactors(runsOn && !wasBypassed);
        if (stops || (ends && !wasEnabled)) {
            pll.planEnabled(this, true);
        }
        if (wasBypassed ? ends : wasEnabled) {
            waitForLock(pll);
        }
        if (switches) {
            plan.addStatus(clock, position);
        }
        if (begins || ends) {
            pll.planBypassed(this, false);
        }
    }

    private void waitForUnlock(Pll pll) {
        Ready lock = pll.lock();
        if (lock != null && pll.waitsForUnlock()) {
            plan.addWait(lock, lock.valueFor(false));
        }
    }

    /** A loop whose output is used has to be locked; one that stays bypassed may be unable to. */
    private void waitForLock(Pll pll) {
        Ready lock = pll.lock();
        if (lock != null) {
            plan.addWait(lock, lock.valueFor(true));
        }
    }

    /** Whether the output is not too fast while it is bypassed. */
    private boolean mayBypass(Clock clock, int position) {
        if (clock.pll().whileChanging() != PllSpec.WhileChanging.BYPASS) {
            return false;
        }
        int now = plan.search().positionNow(clock);
        return isSlowEnough(clock, position) && (now == Clock.NONE || isSlowEnough(clock, now));
    }

    private boolean isSlowEnough(Clock clock, int position) {
        Ratio bypassed = clock.passFactor(
                before.set(plan.search().rateNow(clock.parents().get(position))));
        return !after.isBelow(bypassed) || !plan.search().rateNow(clock).isBelow(bypassed);
    }

    private void addSwitch(Clock clock, int position) {
        int now = plan.search().positionNow(clock);
        if (now != position) {
            boolean isSlower = now != Clock.NONE
                    && plan.search()
                            .rateNow(clock.parents().get(position))
                            .isBelow(plan.search().rateNow(clock.parents().get(now)));
            factor(clock.mux().register(), clock.mux().mask(), clock.muxBits(position), isSlower);
        }
    }

    // ---- What the parts of a loop plan.

    /** A field that counts for the rate, or belongs to one that does; one that has these bits already is left alone. */
    void factor(Register register, long mask, long wanted, boolean makesSlower) {
        if ((register.read() & mask) == wanted) {
            return;
        }
        registers[count] = register;
        masks[count] = mask;
        bits[count] = wanted;
        slower[count] = makesSlower;
        planned[count] = false;
        count++;
    }

    /** One store, after those that were planned. */
    void store(Register register, long mask, long wanted) {
        plan.add(register, mask, wanted);
    }

    private void planFactors(boolean inOrder) {
        if (inOrder && !isOneRegister()) {
            planStores(true);
        }
        planStores(false);
    }

    /** Fields of one register change in one store. */
    private void planStores(boolean onlySlower) {
        for (int i = 0; i < count; i++) {
            Register register = registers[i];
            if (register == null || planned[i] || (onlySlower && !slower[i])) {
                continue;
            }
            long mask = 0;
            long wanted = 0;
            for (int k = i; k < count; k++) {
                if (registers[k] == register && !planned[k] && (!onlySlower || slower[k])) {
                    mask |= masks[k];
                    wanted |= bits[k];
                    planned[k] = true;
                }
            }
            store(register, mask, wanted);
        }
    }

    private boolean isOneRegister() {
        for (int i = 1; i < count; i++) {
            if (registers[i] != registers[0]) {
                return false;
            }
        }
        return true;
    }
}
