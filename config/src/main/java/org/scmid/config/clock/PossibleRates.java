// Which rates a clock can have at all, over every setting of the tree above it.
package org.scmid.config.clock;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.OfferedRates;

/**
 * Which rates a clock can have at all, over every setting of the tree above it, as a few intervals in Hz. The intervals
 * hold every rate that is possible; where there would be too many they also hold some that are not. So a limit that
 * misses them all is surely a mistake, and the check costs the same for every clock.
 *
 * @param intervals in ascending order
 */
public record PossibleRates(List<Interval> intervals) {
    /** Beyond these counts, intervals and divisors are taken together. */
    private static final int MOST_INTERVALS = 32;

    private static final int MOST_DIVISORS = 32;

    /** Of so many hardly fewer than the most intervals would be left. */
    private static final int MOST_QUOTIENTS = 256;

    /** What doubles may be off by, relative; rates are compared with this much grace. */
    private static final double GRACE = 1e-12;

    /** Rates from low to high, both included. */
    record Interval(double low, double high) {}

    /** The divisors first, first + step ... last; or those of a table. */
    private record Divisors(
            double first,
            double last,
            double step,
            @Nullable List<Double> table) {
        static final Divisors ONE = new Divisors(1, 1, 1, null);

        double count() {
            return table != null ? table.size() : Math.rint((last - first) / step) + 1;
        }

        double at(int i) {
            return table != null ? table.get(i) : first + i * step;
        }

        /** Whether a divisor lies between these. */
        boolean between(double low, double high) {
            if (table != null) {
                for (double divisor : table) {
                    if (divisor >= low * (1 - GRACE) && divisor <= high * (1 + GRACE)) {
                        return true;
                    }
                }
                return false;
            }
            double steps = Math.max(0, Math.ceil((low * (1 - GRACE) - first) / step));
            return first + steps * step <= Math.min(high * (1 + GRACE), last);
        }
    }

    /** The rates of a clock whose parents (or whose root) have these. */
    static PossibleRates of(ClockSpec clock, List<PossibleRates> parents) {
        List<Interval> out = divided(beforeLastDivider(clock, parents), divisors(lastDivider(clock)));
        if (clock.pll() != null && clock.pll().bypass() != null && !out.isEmpty()) {
            out.addAll(undivided(clock, parents));
        }
        return new PossibleRates(merged(out));
    }

    /** Whether there is any: a PLL has none if nothing keeps it in the ranges that it stands. */
    boolean isAny() {
        return !intervals.isEmpty();
    }

    private static @Nullable DividerSpec lastDivider(ClockSpec clock) {
        PllSpec pll = clock.pll();
        return pll == null
                ? clock.divider()
                : pll.post().isEmpty() ? null : pll.post().getLast();
    }

    /** What the divider, or the last divider of a PLL, divides. */
    private static List<Interval> beforeLastDivider(ClockSpec clock, List<PossibleRates> parents) {
        List<Interval> intervals = undivided(clock, parents);
        PllSpec pll = clock.pll();
        if (pll == null) {
            return intervals;
        }
        intervals = oscillator(pll, intervals);
        for (int i = 0; i < pll.post().size() - 1; i++) {
            intervals = merged(divided(intervals, divisors(pll.post().get(i))));
        }
        return intervals;
    }

    /** What the oscillator of a PLL can run at. */
    private static List<Interval> oscillator(PllSpec pll, List<Interval> parent) {
        List<Interval> input = within(divided(parent, divisors(pll.reference())), pll.input());
        Divisors feedback = divisors(pll.feedback());
        double least = Math.max(feedback.first, (double) pll.least());
        double most = Math.min(feedback.last, (double) pll.most()) + (pll.fraction() == null ? 0 : 1);
        List<Interval> oscillator = new ArrayList<>();
        if (least <= most) {
            input.forEach(interval -> oscillator.add(new Interval(interval.low * least, interval.high * most)));
        }
        return merged(within(oscillator, pll.vco()));
    }

    private static List<Interval> within(List<Interval> intervals, RateLimits bounds) {
        List<Interval> within = new ArrayList<>();
        for (Interval interval : intervals) {
            double low = Math.max(interval.low, (double) bounds.min());
            double high =
                    bounds.max() == Long.MAX_VALUE ? interval.high : Math.min(interval.high, (double) bounds.max());
            if (low <= high * (1 + GRACE)) {
                within.add(new Interval(low, Math.max(low, high)));
            }
        }
        return within;
    }

    private static List<Interval> divided(List<Interval> intervals, Divisors divisors) {
        List<Interval> divided = new ArrayList<>();
        boolean few = divisors.count() <= MOST_DIVISORS && intervals.size() * divisors.count() <= MOST_QUOTIENTS;
        for (Interval interval : intervals) {
            if (few) {
                for (int i = (int) divisors.count() - 1; i >= 0; i--) {
                    divided.add(new Interval(interval.low / divisors.at(i), interval.high / divisors.at(i)));
                }
            } else {
                divided.add(new Interval(interval.low / divisors.last, interval.high / divisors.first));
            }
        }
        return divided;
    }

    /** Whether some setting of the clock gives a rate that its limits allow; it has some rate. */
    static boolean meetsLimits(ClockSpec clock, List<PossibleRates> parents) {
        if (clock.rates().min() == 0 && clock.rates().max() == Long.MAX_VALUE) {
            return true;
        }
        Divisors divisors = divisors(lastDivider(clock));
        // A rate counts as what it is reported as, rounded down: 24 MHz / 7 is 3428571 Hz.
        double belowMax = clock.rates().max() == Long.MAX_VALUE
                ? Double.POSITIVE_INFINITY
                : clock.rates().max() + 1.0;
        for (Interval interval : beforeLastDivider(clock, parents)) {
            double largest = clock.rates().min() == 0
                    ? Double.POSITIVE_INFINITY
                    : interval.high / clock.rates().min();
            if (divisors.between(interval.low / belowMax, largest)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a rate that is reported as this may be possible: rates are rounded down to whole Hz. */
    public boolean mayBe(long hz) {
        for (Interval interval : intervals) {
            if (interval.low * (1 - GRACE) < hz + 1.0 && interval.high * (1 + GRACE) >= hz) {
                return true;
            }
        }
        return false;
    }

    /** The lowest rate. */
    public double lowest() {
        return intervals.getFirst().low;
    }

    /** The highest rate. */
    public double highest() {
        return intervals.getLast().high;
    }

    private static List<Interval> ofRoot(ClockSpec clock, FixedRate root) {
        if (root.isWritable()) {
            return List.of(
                    new Interval(Math.max(1, clock.rates().min()), clock.rates().max()));
        }
        if (root.origin() == null) {
            return List.of(new Interval(root.hz(), root.hz()));
        }
        OfferedRates offered = root.origin().offer() instanceof ClockOffer clocks ? clocks.rates() : null;
        return switch (offered) {
            case OfferedRates.Listed some ->
                some.hz().stream()
                        .filter(hz -> hz >= 0)
                        .map(hz -> new Interval(hz, hz))
                        .toList();
            case OfferedRates.Range range ->
                List.of(new Interval(range.lowest(), range.highest() < 0 ? Long.MAX_VALUE : range.highest()));
            case null -> List.of(new Interval(0, Long.MAX_VALUE));
        };
    }

    private static List<Interval> undivided(ClockSpec clock, List<PossibleRates> parents) {
        List<Interval> all = new ArrayList<>();
        if (clock.fixed() != null) {
            all.addAll(ofRoot(clock, clock.fixed()));
        }
        Factor factor = clock.factor() == null ? new Factor(1, 1) : clock.factor();
        for (PossibleRates parent : parents) {
            for (Interval interval : parent.intervals) {
                all.add(new Interval(
                        interval.low * factor.multiply() / factor.divide(),
                        interval.high * factor.multiply() / factor.divide()));
            }
        }
        return merged(all);
    }

    private static Divisors divisors(@Nullable DividerSpec divider) {
        return switch (divider) {
            case null -> Divisors.ONE;
            case DividerSpec.Linear linear -> new Divisors(1, linear.field().max() + 1.0, 1, null);
            case DividerSpec.OneBased oneBased ->
                new Divisors(
                        1, oneBased.field().max() + (oneBased.zero() == DividerSpec.WhenZero.MAX ? 1.0 : 0.0), 1, null);
            case DividerSpec.PowerOfTwo power -> {
                List<Double> powers = new ArrayList<>();
                for (int n = 0; n <= power.field().max(); n++) {
                    powers.add(Math.scalb(1.0, n));
                }
                yield table(powers);
            }
            case DividerSpec.Table table ->
                table(table.divisors().values().stream()
                        .map(Long::doubleValue)
                        .distinct()
                        .sorted()
                        .toList());
            case DividerSpec.Fractional fractional -> {
                double step = Math.scalb(1.0, -fractional.fraction().width());
                yield new Divisors(fractional.least(), fractional.integer().max() + 1.0 - step, step, null);
            }
        };
    }

    /** How many divisors can be set. */
    static double settings(DividerSpec divider) {
        return divisors(divider).count();
    }

    private static Divisors table(List<Double> sorted) {
        return new Divisors(sorted.getFirst(), sorted.getLast(), 1, sorted);
    }

    private static List<Interval> merged(List<Interval> intervals) {
        if (!isAscending(intervals)) {
            intervals.sort(Comparator.comparingDouble(Interval::low));
        }
        List<Interval> merged = new ArrayList<>();
        for (Interval interval : intervals) {
            Interval last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && interval.low <= last.high) {
                merged.set(merged.size() - 1, new Interval(last.low, Math.max(last.high, interval.high)));
            } else {
                merged.add(interval);
            }
        }
        if (merged.size() > MOST_INTERVALS) {
            return List.of(new Interval(merged.getFirst().low, merged.getLast().high));
        }
        return merged;
    }

    private static boolean isAscending(List<Interval> intervals) {
        for (int i = 1; i < intervals.size(); i++) {
            if (intervals.get(i).low < intervals.get(i - 1).low) {
                return false;
            }
        }
        return true;
    }
}
