// What is known of clocks' rates before any register is read: bounds, and how many settings there are.
package org.scmid.platform.clock;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.RateLimits;

/**
 * What a board alone says of its clocks' rates: between which bounds they are whatever registers hold, and how many
 * settings a search would have to look at. Bounds are a little wider than what is possible, so that nothing is missed by
 * rounding; exact fractions decide later. Made once, when the tree is built.
 */
final class RateBounds {
    /** Relative; far more than a dozen operations on doubles lose. */
    static final double SLACK = 1e-9;

    private final double[] low;
    private final double[] high;
    private final double[][] trials;
    private final double[][] settings;
    private double foundLow;
    private double foundHigh;

    RateBounds(List<Clock> clocks) {
        int size = clocks.size();
        low = new double[size];
        high = new double[size];
        trials = new double[size][];
        settings = new double[size][];
        Clock[] parentsFirst = parentsFirst(clocks);
        for (Clock clock : parentsFirst) {
            boundWhateverIsSet(clock);
            int most = clock.state.changeableAncestors;
            trials[clock.index()] = new double[most + 1];
            settings[clock.index()] = new double[most + 1];
        }
        for (int ancestors = 0; ancestors <= RateSearch.MOST_ANCESTORS; ancestors++) {
            for (Clock clock : clocks) {
                if (ancestors <= clock.state.changeableAncestors) {
                    count(clock, ancestors);
                }
            }
        }
    }

    private static Clock[] parentsFirst(List<Clock> clocks) {
        int[] left = new int[clocks.size()];
        ArrayDeque<Clock> ready = new ArrayDeque<>();
        for (Clock clock : clocks) {
            left[clock.index()] = (int) clock.parents().stream().distinct().count();
            if (left[clock.index()] == 0) {
                ready.add(clock);
            }
        }
        Clock[] sorted = new Clock[clocks.size()];
        int count = 0;
        for (Clock clock = ready.poll(); clock != null; clock = ready.poll()) {
            sorted[count++] = clock;
            for (Clock child : clock.children()) {
                if (--left[child.index()] == 0) {
                    ready.add(child);
                }
            }
        }
        return Arrays.copyOf(sorted, count);
    }

    // ---- Bounds.

    private void boundWhateverIsSet(Clock clock) {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        if (clock.isFixed()) {
            least = clock.mayTakeTime() ? 0 : (double) clock.rootHz();
            most = clock.mayTakeTime() ? Double.POSITIVE_INFINITY : (double) clock.rootHz();
        }
        for (Clock parent : clock.parents()) {
            least = Math.min(least, low[parent.index()]);
            most = Math.max(most, high[parent.index()]);
        }
        least = clock.factor(least);
        most = clock.factor(most);
        if (clock.hasPll()) {
            Pll pll = clock.pll();
            double slowest = least / largest(pll.reference()) / largest(pll.first()) / largest(pll.second());
            least = Math.min(least, slowest);
            most = most * Math.max(1, pll.feedback().largest());
        } else {
            least /= largest(clock.divider());
        }
        low[clock.index()] = least * (1 - SLACK);
        high[clock.index()] = most * (1 + SLACK);
    }

    private static double largest(@Nullable Divider divider) {
        return divider == null ? 1 : (double) divider.atMost(Long.MAX_VALUE) / divider.scale();
    }

    private static double smallest(@Nullable Divider divider) {
        return divider == null ? 1 : (double) divider.atLeast(1) / divider.scale();
    }

    /**
     * Bounds the rates that a clock can be set to; afterwards they are {@link #low} and {@link #high}.
     *
     * @param search knows the present rates and parents
     * @param ancestors how many clocks above it may change, one above the other
     */
    void reach(RateSearch search, Clock clock, int ancestors) {
        if (clock.isFixed()) {
            foundLow = low[clock.index()];
            foundHigh = high[clock.index()];
            return;
        }
        reachOfParents(search, clock, ancestors);
        double least = clock.factor(foundLow);
        double most = clock.factor(foundHigh);
        if (clock.hasPll()) {
            Pll pll = clock.pll();
            RateLimits input = pll.input();
            RateLimits oscillator = pll.oscillator();
            least = Math.max(least / largest(pll.reference()), (double) input.min());
            most = Math.min(most / smallest(pll.reference()), end(input));
            most = Math.min(most * pll.feedback().largest(), end(oscillator));
            least = Math.max(least, (double) oscillator.min());
            foundLow = least / largest(pll.first()) / largest(pll.second());
            foundHigh = most / smallest(pll.first()) / smallest(pll.second());
        } else {
            foundLow = least / largest(clock.divider());
            foundHigh = most / smallest(clock.divider());
        }
        foundLow = Math.max(foundLow * (1 - SLACK), (double) clock.limits().min());
        foundHigh = Math.min(foundHigh * (1 + SLACK), end(clock.limits()));
    }

    private void reachOfParents(RateSearch search, Clock clock, int ancestors) {
        Clock parent = search.parentNow(clock);
        if (parent == null || RateSearch.maySearchParents(clock)) {
            foundLow = Double.POSITIVE_INFINITY;
            foundHigh = 0;
            for (int i = 0; i < clock.parents().size(); i++) {
                int index = clock.parents().get(i).index();
                foundLow = Math.min(foundLow, low[index]);
                foundHigh = Math.max(foundHigh, high[index]);
            }
            return;
        }
        double now = search.rateNow(parent).toDouble();
        if (ancestors > 0 && clock.maySetParentRate() && search.canChange(parent)) {
            reach(search, parent, ancestors - 1);
            foundLow = Math.min(foundLow, now);
            foundHigh = Math.max(foundHigh, now);
        } else {
            foundLow = now;
            foundHigh = now;
        }
    }

    private static double end(RateLimits limits) {
        return limits.max() == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : (double) limits.max() + 1;
    }

    /** The lower bound that {@link #reach} has found, in Hz. */
    double low() {
        return foundLow;
    }

    /** The upper bound that {@link #reach} has found, in Hz; perhaps infinite. */
    double high() {
        return foundHigh;
    }

    // ---- How much there is to look at.

    private void count(Clock clock, int ancestors) {
        double own = clock.hasPll() ? dividers(clock.pll()) : settings(clock.divider());
        double most = clock.hasPll() ? own * clock.pll().feedback().settings() : own;
        int positions =
                RateSearch.maySearchParentsAtAll(clock) ? clock.parents().size() : 1;
        double looked = clock.hasPll() ? positions * own : positions;
        double set = positions * most;
        if (ancestors > 0) {
            for (Clock parent : clock.parents()) {
                if (RateSearch.hasSettings(parent)) {
                    int rest = Math.min(ancestors - 1, parent.state.changeableAncestors);
                    double below = own * trials[parent.index()][rest];
                    looked += Math.min(below, settings[parent.index()][rest]);
                    set += own * settings[parent.index()][rest];
                    if (positions == 1) {
                        break;
                    }
                }
            }
        }
        trials[clock.index()][ancestors] = looked;
        settings[clock.index()][ancestors] = set;
    }

    private static double settings(@Nullable Divider divider) {
        return divider == null ? 1 : divider.settings();
    }

    private static double dividers(Pll pll) {
        return settings(pll.reference()) * settings(pll.first()) * settings(pll.second());
    }

    /** About how many combinations are looked at to find the best rate of a clock within bounds. */
    double trials(Clock clock, int ancestors) {
        return trials[clock.index()][Math.min(ancestors, clock.state.changeableAncestors)];
    }

    /** About how many ways there are to set a clock. */
    double settings(Clock clock, int ancestors) {
        return settings[clock.index()][Math.min(ancestors, clock.state.changeableAncestors)];
    }
}
