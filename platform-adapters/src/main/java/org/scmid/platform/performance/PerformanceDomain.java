// One performance domain: which rate and which voltage a level means, and the order in which they change.
package org.scmid.platform.performance;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.config.performance.PerformanceDomainSpec;
import org.scmid.config.performance.PerformanceLevelSpec;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.PerformanceDriver;
import org.scmid.platform.driver.PerformanceListener;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.voltage.VoltageConsumer;
import org.scmid.platform.voltage.VoltageDomain;

/**
 * One performance domain. Its levels are named by their position, 0 the slowest. Registers are the truth: the present
 * level is the one whose rate is nearest to the clock's, and making the object reads and writes none.
 *
 * <p>On the way up the supply is raised, and has settled, before the clock gets faster; on the way down it is lowered
 * after the clock got slower. So at no time does the clock run faster than the supply allows. A change that has to wait
 * for the supply or the clock ends later; a new level that is set meanwhile replaces the old one.
 *
 * <p>A supply may have other consumers, which raise and lower it as they like, but never below what this domain needs. So
 * it is waited for from when it was raised for this domain, whatever they do after it. Where the level is changed faster
 * than the supply settles, the clock gets as fast in between as the least of these levels.
 */
public final class PerformanceDomain implements PerformanceDriver, VoltageConsumer, Waiter {
    private static final System.Logger LOG = System.getLogger(PerformanceDomain.class.getName());

    private static final int NOT_ASSURED = Integer.MIN_VALUE;

    private final int index;
    private final PerformanceDomainSpec spec;
    private final ClockTree tree;
    private final Clock clock;
    private final @Nullable VoltageDomain supply;
    private int placeAtSupply;
    private final long[] hertz;
    private final int[] microvolts;
    private @Nullable PerformanceListener listener;
    private int wish = NOTHING;
    private int lowest;
    private int highest;
    private int target;
    private boolean changing;

    /** Who asked for what it is, or is to be. */
    private Waiter asker = Waiter.NOBODY;

    /** The level that the listener was told last; {@link #NOTHING} if it was not told any. */
    private int told = NOTHING;

    /** The level that the clock is being changed to; {@link #NOTHING} if it is not. */
    private int clockTarget = NOTHING;

    /** What the supply is known to have, all the time since it has settled at it in this change, in microvolts. */
    private int assured = NOT_ASSURED;

    /** What it will be known to have when the wait for it ends. */
    private int awaited = NOT_ASSURED;

    private boolean awaitsSupply;
    private final Waiter whenSettled = new Waiter() {
        @Override
        public void mayAskAgain() {}

        @Override
        public void ended(Outcome outcome) {
            supplySettled();
        }
    };

    PerformanceDomain(int index, PerformanceDomainSpec spec, ClockTree tree, @Nullable VoltageDomain supply) {
        this.index = index;
        this.spec = spec;
        this.tree = tree;
        this.clock = tree.get(spec.clock());
        this.supply = supply;
        hertz = spec.levels().stream().mapToLong(PerformanceLevelSpec::hertz).toArray();
        microvolts = spec.levels().stream()
                .mapToInt(PerformanceLevelSpec::microvolts)
                .toArray();
        highest = hertz.length - 1;
        if (supply != null) {
            placeAtSupply = supply.addConsumer(this);
        }
    }

    /** Its position in the board file, from 0. */
    public int index() {
        return index;
    }

    /** Its name on the board. */
    public String name() {
        return spec.name();
    }

    @Override
    public PerformanceDomainSpec spec() {
        return spec;
    }

    /** The clock whose rate a level sets. */
    public Clock clock() {
        return clock;
    }

    @Override
    public int levels() {
        return hertz.length;
    }

    void setListener(@Nullable PerformanceListener listener) {
        this.listener = listener;
    }

    // ---- What it is.

    /** The present level: the one that is being changed to, else the one whose rate is nearest to the clock's. */
    public int level() {
        return changing ? target : nearest(clock.rate());
    }

    /** Whether a change waits for the supply or the clock. */
    public boolean isChanging() {
        return changing;
    }

    @Override
    public Outcome readLevel(Waiter waiter) {
        waiter.value(level());
        return Outcome.OK;
    }

    @Override
    public Outcome readLimits(Waiter waiter) {
        return Outcome.OK;
    }

    @Override
    public int lowest() {
        return lowest;
    }

    @Override
    public int highest() {
        return highest;
    }

    /** The level that was asked for last, within limits or not; {@link #NOTHING} if none was. */
    public int wish() {
        return wish;
    }

    // ---- What is asked of it.

    @Override
    public void restore(int formerWish, int formerLowest, int formerHighest) {
        wish = formerWish;
        lowest = formerLowest;
        highest = Math.max(formerLowest, formerHighest);
    }

    @Override
    public boolean maySet(Waiter waiter) {
        return tree.mayFollowLevels(clock, waiter.cause());
    }

    @Override
    public Outcome setLevel(int level, Waiter waiter) {
        asker = waiter.cause();
        wish = level;
        return level == NOTHING ? Outcome.OK : change(clamp(level));
    }

    @Override
    public Outcome setLimits(int lowestAllowed, int highestAllowed, Waiter waiter) {
        asker = waiter.cause();
        lowest = lowestAllowed;
        highest = highestAllowed;
        int wanted = wish == NOTHING ? level() : wish;
        return change(clamp(wanted));
    }

    /** Who asked for the change that is under way, or for the last one. */
    @Override
    public Waiter cause() {
        return asker;
    }

    private int clamp(int level) {
        return Math.clamp(level, lowest, highest);
    }

    private Outcome change(int level) {
        if (!changing && clock.rate() == hertz[level]) {
            return Outcome.OK;
        }
        if (!changing) {
            assured = NOT_ASSURED;
            awaited = NOT_ASSURED;
        }
        // From now on others may have the supply lowered to what the new level needs.
        assured = Math.min(assured, microvolts[level]);
        awaited = Math.min(awaited, microvolts[level]);
        target = level;
        changing = true;
        try {
            return advance(false);
        } catch (RuntimeException | InternalError failure) {
            changing = clockTarget != NOTHING; // what stands is the level that the clock has
            throw failure;
        }
    }

    /**
     * Goes on as far as is possible without waiting.
     *
     * @param hasWaited whether it did before
     * @return {@link Outcome#OK}, also if it goes on later; else why the clock has refused the rate
     */
    private Outcome advance(boolean hasWaited) {
        if (clockTarget != NOTHING) {
            return Outcome.OK; // it goes on when the clock has changed
        }
        int next = nextLevel();
        if (next == NOTHING) {
            return Outcome.OK;
        }
        Outcome outcome = hasWaited
                ? tree.setRateLate(clock, hertz[next], Rounding.DOWN, this)
                : tree.setRate(clock, hertz[next], Rounding.DOWN, this);
        switch (outcome) {
            case STARTED -> clockTarget = next;
            case BUSY -> {}
            default -> {
                if (next != target) {
                    return Outcome.OK; // it goes on when the supply has settled
                }
                arrive();
            }
        }
        return outcome.isLater() ? Outcome.OK : outcome;
    }

    /** The level that the clock may have now: the wanted one, a lower one on the way, or {@link #NOTHING} better than it has. */
    private int nextLevel() {
        VoltageDomain its = supply;
        if (its == null) {
            return target;
        }
        int needed = microvolts[target];
        its.followConsumer(placeAtSupply);
        if (clock.rate() >= hertz[target] || assured >= needed) {
            return target;
        }
        if (!awaitsSupply) {
            if (its.whenSettled(whenSettled) == Outcome.OK) {
                assured = needed;
                return target;
            }
            awaitsSupply = true;
            awaited = needed;
        }
        int level = target - 1;
        while (level >= 0 && microvolts[level] > assured) {
            level--;
        }
        return level >= 0 && hertz[level] > clock.rate() ? level : NOTHING;
    }

    private void arrive() {
        changing = false;
        if (supply != null) {
            supply.followConsumer(placeAtSupply);
        }
    }

    private void supplySettled() {
        awaitsSupply = false;
        assured = awaited;
        proceed();
    }

    @Override
    public void mayAskAgain() {
        proceed();
    }

    private void proceed() {
        if (!changing) {
            return;
        }
        boolean reached;
        try {
            reached = advance(true) == Outcome.OK;
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, "performance domain " + this + " cannot be changed", failure);
            changing = false;
            reached = false;
        }
        if (!changing && !reached) {
            logThatItStays();
        }
    }

    @Override
    public void ended(Outcome outcome) {
        boolean isOther = clockTarget != target;
        clockTarget = NOTHING;
        if (isOther) {
            proceed(); // another level was set meanwhile
        } else {
            arrive();
            if (outcome != Outcome.OK) {
                logThatItStays();
            }
        }
    }

    private void logThatItStays() {
        LOG.log(
                System.Logger.Level.WARNING,
                "performance domain " + this + " stays at level " + level() + ": clock " + clock
                        + " refused the rate that was asked for");
    }

    /**
     * The clock has another rate, whoever changed it. A supply that was too low for it is raised, which is late: who may
     * change the clock by itself must know what the supply gives. The listener is told if the level is another one, too.
     *
     * @param before the rate that the clock had, in Hz
     * @param cause for the listener
     */
    void clockChanged(long before, @Nullable Waiter cause) {
        if (supply != null && changing) {
            supply.noteNeed(placeAtSupply); // it is followed when this change has arrived
        } else if (supply != null) {
            supply.followConsumer(placeAtSupply);
        }
        int known = told == NOTHING ? nearest(before) : told;
        told = level();
        PerformanceListener its = listener;
        if (told != known && its != null) {
            its.levelChanged(index, told, cause);
        }
    }

    /** What the clock's present rate needs, the one that it is being changed to, and the wanted one. */
    @Override
    public int neededMicrovolts() {
        int needed = microvolts[atLeast(clock.rate())];
        if (clockTarget != NOTHING) {
            needed = Math.max(needed, microvolts[clockTarget]);
        }
        return changing ? Math.max(needed, microvolts[target]) : needed;
    }

    /** The slowest level that is not slower than a rate; the fastest if all are. */
    private int atLeast(long rate) {
        int found = Arrays.binarySearch(hertz, rate);
        return Math.min(found >= 0 ? found : -found - 1, hertz.length - 1);
    }

    private int nearest(long rate) {
        int level = atLeast(rate);
        return level > 0 && rate - hertz[level - 1] < hertz[level] - rate ? level - 1 : level;
    }

    @Override
    public String toString() {
        return name();
    }
}
