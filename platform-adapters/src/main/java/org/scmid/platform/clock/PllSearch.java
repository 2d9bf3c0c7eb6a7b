// Finds the settings of a phase-locked loop that make a rate.
package org.scmid.platform.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.RateLimits;
import org.scmid.platform.clock.Pll.Setting;

/**
 * Goes through the settings of a phase-locked loop at a fixed rate of its parent, step by step. For each reference
 * divider that keeps the input in its range, and each pair of post dividers that may lead within the bounds, the one
 * best feedback is computed from bounds and ranges; or every feedback is gone through, if each counts. The dividers that
 * are set now come first, so that of equal rates the one wins that leaves them alone. A modulus that a register holds is
 * taken as it is.
 */
final class PllSearch {
    private enum Phase {
        PRESENT,
        REFERENCE,
        FIRST,
        LAST,
        OVER
    }

    private final Setting setting = new Setting();
    private final Setting present = new Setting();
    private final Ratio source = new Ratio();
    private final Ratio input = new Ratio();
    private final Ratio low = new Ratio();
    private final Ratio high = new Ratio();
    private final Ratio bound = new Ratio();
    private @Nullable Pll searched;
    private Ratio from = low;
    private Ratio to = high;
    private boolean highest;
    private boolean every;
    private Phase phase = Phase.OVER;
    private long reference;
    private long lastReference;
    private long divisor;
    private long lastDivisor;
    private boolean isFirst;
    private long least;
    private long most;
    private boolean hasMore;

    /**
     * Begins at the present dividers.
     *
     * @param from inclusive bound of the output, which rises while rates are found
     * @param to exclusive bound of the output, which falls while rates are found
     * @param highest whether the highest rate is looked for, else the lowest
     * @param every whether each feedback counts, else the best with its dividers
     */
    void begin(Clock clock, Ratio parentRate, Ratio from, Ratio to, boolean highest, boolean every) {
        Pll pll = clock.pll();
        searched = pll;
        this.from = from;
        this.to = to;
        this.highest = highest;
        this.every = every;
        clock.passFactor(source.set(parentRate));
        pll.read(present);
        setting.set(present);
        hasMore = false;
        phase = Phase.PRESENT;
    }

    /** Whether there is nothing left to try. */
    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** What {@link #step} has found. */
    Setting setting() {
        return setting;
    }

    /** The next feedback with these dividers has to make at least this rate. */
    void skipTo(Ratio rate) {
        Pll pll = searched;
        if (pll != null && hasMore) {
            pll.passPostBack(low.set(rate), setting);
            least = Math.max(least, low.over(input).scale(setting.scale, 1).ceiling());
            setting.feedback = Math.max(setting.feedback, least - 1);
        }
    }

    /** With these dividers no further feedback leads within the bounds. */
    void skipFeedback() {
        hasMore = false;
    }

    /** Looks at one combination: whether {@link #setting} may be within the bounds. */
    boolean step() {
        Pll pll = searched;
        if (pll == null || !from.isBelow(to)) {
            phase = Phase.OVER;
            return false;
        }
        if (hasMore) {
            return nextFeedback(pll);
        }
        switch (phase) {
            case PRESENT -> {
                beginReference(pll);
                return Pll.moves(setting) && isInput(pll) && firstFeedback(pll);
            }
            case REFERENCE -> {
                return nextReference(pll);
            }
            case FIRST -> nextFirst(pll);
            case LAST -> {
                return nextLast(pll);
            }
            case OVER -> {}
        }
        return false;
    }

    private void beginReference(Pll pll) {
        Divider divider = pll.reference();
        phase = Phase.REFERENCE;
        reference = 0;
        lastReference = 1;
        if (divider != null) {
            RateLimits range = pll.input();
            lastReference = range.min() == 0
                    ? Long.MAX_VALUE
                    : bound.set(source).scale(divider.scale(), range.min()).floor();
            long first = range.max() == Long.MAX_VALUE
                    ? 1
                    : bound.set(source).scale(divider.scale(), range.max() + 1).floor();
            reference = Math.max(first, 1) - 1;
        }
    }

    private boolean nextReference(Pll pll) {
        Divider divider = pll.reference();
        reference = divider == null ? reference + 1 : divider.atLeast(reference + 1);
        if (reference == 0 || reference > lastReference) {
            phase = Phase.OVER;
            return false;
        }
        setting.reference = reference;
        setting.first = 1;
        setting.second = 1;
        if (!isInput(pll)) {
            return false;
        }
        Divider first = pll.first();
        if (first == null) {
            return firstFeedback(pll);
        }
        if (pll.second() == null) {
            beginLast(pll, first);
        } else {
            setting.first = 0;
            phase = Phase.FIRST;
        }
        return false;
    }

    private void nextFirst(Pll pll) {
        Divider first = pll.first();
        Divider second = pll.second();
        long next = first == null ? 0 : first.atLeast(setting.first + 1);
        if (next == 0 || second == null) {
            phase = Phase.REFERENCE;
            return;
        }
        setting.first = next;
        setting.second = 1;
        beginLast(pll, second);
    }

    /** Those values of the last divider that an oscillator in its range can need for a rate within the bounds. */
    private void beginLast(Pll pll, Divider last) {
        boolean isSecond = pll.second() != null;
        long outer = isSecond ? setting.first : 1;
        long outerScale = isSecond ? Pll.scale(pll.first()) : 1;
        bound.set(pll.oscillator().min(), 1).over(to).scale(outerScale, outer);
        divisor = Math.max(bound.scale(last.scale(), 1).floor(), 1);
        lastDivisor = Long.MAX_VALUE;
        if (pll.oscillator().max() < Long.MAX_VALUE) {
            bound.set(pll.oscillator().max() + 1, 1).over(from).scale(outerScale, outer);
            lastDivisor = bound.scale(last.scale(), 1).floor();
        }
        isFirst = true;
        phase = Phase.LAST;
    }

    private boolean nextLast(Pll pll) {
        Divider second = pll.second();
        Divider last = second != null ? second : pll.first();
        divisor = last == null ? 0 : last.atLeast(isFirst ? divisor : divisor + 1);
        isFirst = false;
        if (divisor == 0 || divisor > lastDivisor) {
            phase = second != null ? Phase.FIRST : Phase.REFERENCE;
            return false;
        }
        if (second != null) {
            setting.second = divisor;
        } else {
            setting.first = divisor;
        }
        return firstFeedback(pll);
    }

    /** Computes the input, and whether it is in its range. */
    private boolean isInput(Pll pll) {
        return Pll.isWithin(pll.passReference(input.set(source), setting), pll.input());
    }

    /** The one feedback that is best with the dividers and the input. */
    private boolean firstFeedback(Pll pll) {
        RateLimits range = pll.oscillator();
        pll.passPostBack(low.set(from), setting);
        if (low.isBelow(bound.set(range.min(), 1))) {
            low.set(bound);
        }
        long scale = present.scale;
        least = low.over(input).scale(scale, 1).ceiling();
        pll.passPostBack(high.set(to), setting);
        if (range.max() < Long.MAX_VALUE && bound.set(range.max() + 1, 1).isBelow(high)) {
            high.set(bound);
        }
        most = high.over(input).scale(scale, 1).ceiling() - 1;
        setting.scale = scale;
        return take(pll, highest ? most : least);
    }

    private boolean nextFeedback(Pll pll) {
        return take(pll, highest ? setting.feedback - 1 : setting.feedback + 1);
    }

    private boolean take(Pll pll, long wanted) {
        Feedback feedback = pll.feedback();
        long found = highest ? feedback.atMost(wanted, setting.scale) : feedback.atLeast(wanted, setting.scale);
        boolean fits = found != 0 && found >= least && found <= most;
        hasMore = fits && every;
        if (fits) {
            setting.feedback = found;
        }
        return fits;
    }
}
