// What runs from a clock, and how far its rate may change without taking one of them out of its limits.
package org.scmid.platform.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.RateLimits;

/**
 * Goes through those that run from a clock and whose rates are not free, one step for each, and narrows bounds of the clock's rate to what the limits of
 * the enabled ones allow, and the ranges of running loops. One that is out of its limits already may not get further out.
 * One that somebody else has a say in keeps its rate ({@link RateSearch#keepsRate}).
 */
final class Neighbours {
    /** Limits that every rate is outside of, so that it may get no further out on either side. */
    private static final RateLimits NO_OTHER_RATE = new RateLimits(Long.MAX_VALUE, 0);

    private final RateSearch search;
    private final Clock[] running;
    private final Ratio bound = new Ratio();
    private final Ratio through = new Ratio();
    private final Ratio loop = new Ratio();
    private final Pll.Setting present = new Pll.Setting();
    private @Nullable Clock without;
    private Ratio low = bound;
    private Ratio high = bound;
    private int count;
    private int parent;
    private int child;
    private boolean isStarting;

    Neighbours(RateSearch search, int clocks) {
        this.search = search;
        running = new Clock[clocks];
    }

    /**
     * Begins with a clock's children; nothing is to be done if the clock itself does not run.
     *
     * @param without a clock whose part of the tree does not count; null for none
     * @param low the inclusive bound, which rises
     * @param high the exclusive bound, which falls
     */
    void begin(Clock clock, @Nullable Clock without, Ratio low, Ratio high) {
        begin(clock, clock.enabled(), without, low, high);
        isStarting = false;
    }

    /** As {@link #begin}, for a clock that is to be switched on: limits hold then, its own too, wherever the rates are now. */
    void beginStarting(Clock clock, @Nullable Clock without, Ratio low, Ratio high) {
        low.set(0, 1);
        high.setUnbounded();
        begin(clock, true, without, low, high);
        isStarting = true;
        through.set(1, 1);
        narrowTo(clock.limits(), 0);
    }

    private void begin(Clock clock, boolean runs, @Nullable Clock without, Ratio low, Ratio high) {
        this.without = without;
        this.low = low;
        this.high = high;
        parent = 0;
        child = 0;
        count = clock.state.minded.length > 0 && runs ? 1 : 0;
        running[0] = clock;
        if (runs) {
            search.meetWhatIsBelow(clock);
        }
    }

    /** Whether there are clocks left to look at. */
    boolean isUnderWay() {
        return parent < count;
    }

    /** Looks at one clock. */
    void step() {
        Clock above = running[parent];
        Clock[] children = above.state.minded;
        Clock next = children[child++];
        if (child == children.length) {
            child = 0;
            parent++;
        }
        if (next != without && search.parentNow(next) == above && next.isGateOpen()) {
            if (next.state.minded.length > 0) {
                running[count++] = next;
            }
            narrowToConsumer(running[0], next);
        }
    }

    /** Narrows the bounds to what a running clock has to keep. */
    private void narrowToConsumer(Clock clock, Clock consumer) {
        if (consumer.hasPll()) {
            narrowToLoop(clock, consumer);
        }
        if (consumer.isLimited() && computeThrough(clock, consumer)) {
            narrowTo(consumer.limits(), search.rateNow(consumer).floor());
        }
        if (!isStarting && search.keepsRate(clock, consumer) && computeThrough(clock, consumer)) {
            narrowTo(NO_OTHER_RATE, search.rateNow(consumer).floor());
        }
    }

    /** Keeps a phase-locked loop that is on within the ranges that it stands, as far as it is there now. */
    private void narrowToLoop(Clock clock, Clock consumer) {
        Pll pll = consumer.pll();
        Clock its = search.parentNow(consumer);
        if (its == null || !pll.isEnabled() || pll.isBypassed()) {
            return;
        }
        pll.read(present);
        if (!Pll.moves(present) || !computeThrough(clock, its)) {
            return;
        }
        consumer.passFactor(through);
        pll.passReference(through, present);
        pll.passReference(consumer.passFactor(loop.set(search.rateNow(its))), present);
        narrowTo(pll.input(), loop.floor());
        pll.passLoop(through, present);
        pll.passLoop(loop, present);
        narrowTo(pll.oscillator(), loop.floor());
    }

    /** What the clock's rate is multiplied by on its way to a consumer: whether anything arrives. */
    private boolean computeThrough(Clock clock, Clock consumer) {
        Ratio rate = search.rateNow(clock);
        if (!rate.isZero()) {
            through.set(search.rateNow(consumer)).over(rate);
            return !through.isZero();
        }
        through.set(1, 1);
        for (Clock c = consumer; c != clock && c != null; c = search.parentNow(c)) {
            c.passNow(through);
        }
        return !through.isZero();
    }

    /** Narrows to limits of what has a rate now, and {@link #through} times the rate that is bounded. */
    private void narrowTo(RateLimits limits, long rate) {
        bound.set(isStarting ? limits.min() : Math.min(limits.min(), rate), 1).over(through);
        if (low.isBelow(bound)) {
            low.set(bound);
        }
        long most = isStarting ? limits.max() : Math.max(limits.max(), rate);
        if (most < Long.MAX_VALUE) {
            bound.set(most + 1, 1).over(through);
            if (bound.isBelow(high)) {
                high.set(bound);
            }
        }
    }
}
