// Finds the settings of a phase-locked loop that make a rate.
package org.scmid.platform.clock;

import org.scmid.config.clock.RateLimits;
import org.scmid.platform.clock.Pll.Setting;

/**
 * Goes through the settings of a phase-locked loop at a fixed rate of its parent. For each reference divider that keeps
 * the input in its range, and each pair of post dividers that may lead within the bounds, the one best feedback is
 * computed from bounds and ranges. The dividers that are set now come first, so that of equal rates the one wins that
 * leaves them alone. A modulus that a register holds is taken as it is.
 */
final class PllSearch {
    private final RateSearch search;
    private final Setting setting = new Setting();
    private final Setting present = new Setting();
    private final Ratio source = new Ratio();
    private final Ratio input = new Ratio();
    private final Ratio low = new Ratio();
    private final Ratio high = new Ratio();
    private final Ratio bound = new Ratio();
    private Ratio from = low;
    private Ratio to = high;
    private int level;
    private int position;
    private boolean highest;

    PllSearch(RateSearch search) {
        this.search = search;
    }

    /**
     * Offers every setting that is best at its dividers.
     *
     * @param from inclusive bound of the output, which rises while rates are found
     * @param to exclusive bound of the output, which falls while rates are found
     */
    void run(int atLevel, Clock clock, int atPosition, Ratio parentRate, Ratio from, Ratio to, boolean findsHighest) {
        Pll pll = clock.pll();
        this.from = from;
        this.to = to;
        level = atLevel;
        position = atPosition;
        highest = findsHighest;
        clock.passFactor(source.set(parentRate));
        pll.read(present);
        setting.set(present);
        if (Pll.moves(present) && isInput(pll)) {
            tryFeedback(clock, pll);
        }
        Divider reference = pll.reference();
        if (reference == null) {
            setting.reference = 1;
            if (isInput(pll)) {
                tryPost(clock, pll);
            }
            return;
        }
        long last = pll.input().min() == 0
                ? Long.MAX_VALUE
                : bound.set(source).scale(reference.scale(), pll.input().min()).floor();
        long first = pll.input().max() == Long.MAX_VALUE
                ? 1
                : bound.set(source)
                        .scale(reference.scale(), pll.input().max() + 1)
                        .floor();
        for (long divisor = reference.atLeast(Math.max(first, 1));
                divisor != 0 && divisor <= last && mayGoOn();
                divisor = reference.atLeast(divisor + 1)) {
            setting.reference = divisor;
            if (isInput(pll)) {
                tryPost(clock, pll);
            }
        }
    }

    private boolean mayGoOn() {
        return from.isBelow(to) && search.mayVisit();
    }

    /** Computes the input, and whether it is in its range. */
    private boolean isInput(Pll pll) {
        return Pll.isWithin(pll.passReference(input.set(source), setting), pll.input());
    }

    private void tryPost(Clock clock, Pll pll) {
        Divider first = pll.first();
        Divider second = pll.second();
        setting.first = 1;
        setting.second = 1;
        if (first == null) {
            tryFeedback(clock, pll);
        } else if (second == null) {
            tryLast(clock, pll, first);
        } else {
            for (long divisor = first.atLeast(1); divisor != 0 && mayGoOn(); divisor = first.atLeast(divisor + 1)) {
                setting.first = divisor;
                setting.second = 1;
                tryLast(clock, pll, second);
            }
        }
    }

    /** Tries those values of the last divider that an oscillator in its range can need for a rate within the bounds. */
    private void tryLast(Clock clock, Pll pll, Divider last) {
        boolean isSecond = last == pll.second();
        long outer = isSecond ? setting.first : 1;
        long outerScale = isSecond ? Pll.scale(pll.first()) : 1;
        bound.set(pll.oscillator().min(), 1).over(to).scale(outerScale, outer);
        long start = bound.scale(last.scale(), 1).floor();
        long end = Long.MAX_VALUE;
        if (pll.oscillator().max() < Long.MAX_VALUE) {
            bound.set(pll.oscillator().max() + 1, 1).over(from).scale(outerScale, outer);
            end = bound.scale(last.scale(), 1).floor();
        }
        for (long divisor = last.atLeast(Math.max(start, 1));
                divisor != 0 && divisor <= end && mayGoOn();
                divisor = last.atLeast(divisor + 1)) {
            if (isSecond) {
                setting.second = divisor;
            } else {
                setting.first = divisor;
            }
            tryFeedback(clock, pll);
        }
    }

    /** The one feedback that is best with the dividers and the input. */
    private void tryFeedback(Clock clock, Pll pll) {
        RateLimits range = pll.oscillator();
        pll.passPostBack(low.set(from), setting);
        if (low.isBelow(bound.set(range.min(), 1))) {
            low.set(bound);
        }
        long scale = present.scale;
        long least = low.over(input).scale(scale, 1).ceiling();
        pll.passPostBack(high.set(to), setting);
        if (range.max() < Long.MAX_VALUE && bound.set(range.max() + 1, 1).isBelow(high)) {
            high.set(bound);
        }
        long most = high.over(input).scale(scale, 1).ceiling() - 1;
        Feedback feedback = pll.feedback();
        long found = highest ? feedback.atMost(most, scale) : feedback.atLeast(least, scale);
        if (found != 0 && found >= least && found <= most) {
            setting.feedback = found;
            setting.scale = scale;
            search.offer(level, clock, position, setting, highest);
        }
    }
}
