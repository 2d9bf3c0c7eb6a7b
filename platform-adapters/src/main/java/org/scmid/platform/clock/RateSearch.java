// Finds the settings of multiplexers, dividers and phase-locked loops that make a rate.
package org.scmid.platform.clock;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.RateLimits;
import org.scmid.platform.driver.ClockAuthority;
import org.scmid.platform.driver.Waiter;

/**
 * Finds the highest or the lowest rate of a clock within bounds, and the settings that make it.
 *
 * <p>A clock's own divider, or its phase-locked loop ({@link PllSearch}), is searched at the rate of its parent. With
 * {@code reparent} every possible parent is tried, the present one first. With {@code set-parent-rate} each of the
 * clock's divisors is turned into bounds for the parent's rate, and the parent is searched in the same way; that changes
 * its rate for all who run from it, so the bounds are narrowed to what the parent's limits, those of every enabled clock
 * below it and the ranges of running loops allow. Bounds are exact fractions, so that no rate is missed or let in by
 * rounding.
 *
 * <p>Of settings that make the same rate in whole Hz it takes those that change the fewest ancestors, and of these the
 * ones that leave the parent as it is. What it does not consider: more than {@value #MOST_ANCESTORS} ancestors at once;
 * changing to another parent together with a change of a clock that the present parent depends on (both rates would
 * move at once, and no order of writes would be free of glitches); another parent of a loop that is bypassed; and more
 * than {@value #MOST_VISITS} combinations with a changed parent or of a loop's dividers (then it is the best of those).
 *
 * <p>Registers are read once for each operation, which {@link #begin} starts. Nothing is allocated.
 */
final class RateSearch {
    static final int MOST_ANCESTORS = 8;
    static final int MOST_VISITS = 1 << 16;
    static final long NOTHING = -1;

    /** Limits that every rate is outside of, so that it may get no further out on either side. */
    private static final RateLimits NO_OTHER_RATE = new RateLimits(Long.MAX_VALUE, 0);

    private final Frame[] frames = new Frame[MOST_ANCESTORS + 1];
    private final List<Clock> clocks;
    private final Clock[] running;
    private final Ratio bound = new Ratio();
    private final Ratio through = new Ratio();
    private final Ratio loop = new Ratio();
    private final PllSearch pllSearch = new PllSearch(this);
    private final Pll.Setting present = new Pll.Setting();
    private long stamp;
    private int visits;
    private boolean meetsChange;
    private ClockAuthority authority = ClockAuthority.ANYTHING;
    private Waiter cause = Waiter.NOBODY;
    private boolean meetsPolicy;
    private boolean isStarting; // limits hold, wherever rates are now

    /** One setting of one clock on the way from the asked one to the topmost that changes. */
    static final class Choice {
        @Nullable
        Clock chosen;

        int position;
        long divisor;
        final Pll.Setting setting = new Pll.Setting();
        final Ratio rate = new Ratio();

        Clock clock() {
            if (chosen == null) {
                throw new IllegalStateException("nothing was chosen");
            }
            return chosen;
        }

        void set(Clock clock, int position, long divisor, Ratio rate) {
            chosen = clock;
            this.position = position;
            this.divisor = divisor;
            this.rate.set(rate);
        }

        void set(Choice other) {
            set(other.clock(), other.position, other.divisor, other.rate);
            setting.set(other.setting);
        }
    }

    /** The search at one level: 0 is the asked clock, each other one a parent of the level below. */
    private static final class Frame {
        final Ratio low = new Ratio(); // inclusive
        final Ratio high = new Ratio(); // exclusive
        final Ratio best = new Ratio();
        final Ratio trial = new Ratio();
        final Choice[] path = new Choice[MOST_ANCESTORS + 1];
        int length;
        boolean found;

        Frame() {
            for (int i = 0; i < path.length; i++) {
                path[i] = new Choice();
            }
        }

        boolean isEmpty() {
            return !low.isBelow(high);
        }
    }

    RateSearch(List<Clock> clocks) {
        for (int i = 0; i < frames.length; i++) {
            frames[i] = new Frame();
        }
        this.clocks = clocks;
        running = new Clock[clocks.size()];
        mind();
        for (int round = 0; round < MOST_ANCESTORS; round++) {
            for (Clock clock : clocks) {
                clock.state.changeableAncestors = changeableAncestors(clock);
            }
        }
    }

    private static int changeableAncestors(Clock clock) {
        int most = 0;
        if (clock.maySetParentRate()) {
            for (Clock parent : clock.parents()) {
                if (canChange(parent)) {
                    most = Math.max(most, 1 + parent.state.changeableAncestors);
                }
            }
        }
        return Math.min(most, MOST_ANCESTORS);
    }

    /** Whether a parent can be changed, and may be on behalf of who asks. */
    private boolean mayMove(Clock parent) {
        if (!canChange(parent)) {
            return false;
        }
        boolean mayMove = authority.mayMove(parent.index(), cause);
        meetsPolicy |= !mayMove;
        return mayMove;
    }

    private static boolean canChange(Clock clock) {
        return clock.divider() != null || clock.hasPll() || clock.mayReparent() || clock.maySetParentRate();
    }

    /** Says what may be done to other clocks than the one that is asked for. */
    void govern(ClockAuthority itsAuthority) {
        authority = itsAuthority;
        mind();
    }

    /** Marks what is to be looked at when the rate above it changes. */
    private void mind() {
        for (Clock clock : clocks) {
            clock.state.isMinded = false;
        }
        for (Clock clock : clocks) {
            if (clock.isLimited() || clock.hasPll() || authority.keepsRate(clock.index(), Waiter.NOBODY)) {
                mind(clock);
            }
        }
    }

    private static void mind(Clock first) {
        var above = new ArrayDeque<Clock>();
        above.add(first);
        for (Clock clock = above.poll(); clock != null; clock = above.poll()) {
            if (!clock.state.isMinded) {
                clock.state.isMinded = true;
                above.addAll(clock.parents());
            }
        }
    }

    /**
     * Forgets what was read: registers may have changed since.
     *
     * @param waiter on whose behalf it is searched
     */
    void begin(Waiter waiter) {
        stamp++;
        meetsChange = false;
        meetsPolicy = false;
        cause = waiter.cause();
    }

    /** Whether there would have been more to choose from, had nobody else a say. */
    boolean meetsPolicy() {
        return meetsPolicy;
    }

    /** Whether a clock was looked at that takes part in a change that is under way: what was found may soon be wrong. */
    boolean meetsChange() {
        return meetsChange;
    }

    /**
     * The lowest rate, in whole Hz, from {@code from} to {@code to}, both inclusive and in Hz.
     *
     * @return the rate, at least 1, whose settings are in {@link #choice}; {@link #NOTHING} if there is none
     */
    long lowest(Clock clock, long from, long to) {
        return best(clock, from, to, false);
    }

    /** The highest rate; else as {@link #lowest}. */
    long highest(Clock clock, long from, long to) {
        return best(clock, from, to, true);
    }

    /** How many clocks the settings found are of: the asked one, and those above it that change too. */
    int choices() {
        return frames[0].length;
    }

    /** One of them: 0 is the asked clock, each other one the chosen parent of the one before. */
    Choice choice(int level) {
        return frames[0].path[level];
    }

    /** The exact rate at the start of the operation. */
    Ratio rateNow(Clock clock) {
        TreeState state = clock.state;
        meetsChange |= state.change != null;
        if (state.rateStamp != stamp) {
            clock.exactRate(state.rate);
            state.rateStamp = stamp;
        }
        return state.rate;
    }

    /** The position of the parent at the start of the operation. */
    int positionNow(Clock clock) {
        TreeState state = clock.state;
        meetsChange |= state.change != null;
        if (state.positionStamp != stamp) {
            state.position = clock.parentPosition();
            state.positionStamp = stamp;
        }
        return state.position;
    }

    @Nullable
    Clock parentNow(Clock clock) {
        int position = positionNow(clock);
        return position == Clock.NONE ? null : clock.parents().get(position);
    }

    /**
     * Narrows bounds of a clock's rate to what the limits of all enabled clocks that run from it allow. One that is out
     * of its limits already may not get further out. One that {@linkplain ClockAuthority#keepsRate keeps its rate} has to
     * keep it, unless the clock whose rate is bounded belongs to who asks.
     *
     * @param without a clock whose part of the tree does not count; null for none
     */
    void narrowToConsumers(Clock clock, @Nullable Clock without, Ratio low, Ratio high) {
        if (clock.enabled()) {
            narrowToOpen(clock, without, low, high);
        }
    }

    /** As {@link #narrowToConsumers}, for a clock that is on its way to run: what its gates let run does, from then on. */
    private void narrowToOpen(Clock clock, @Nullable Clock without, Ratio low, Ratio high) {
        boolean isOwn = authority.isOwn(clock.index(), cause);
        int count = 1;
        running[0] = clock;
        for (int i = 0; i < count; i++) {
            List<Clock> children = running[i].children();
            for (int c = 0; c < children.size(); c++) {
                Clock child = children.get(c);
                if (child.state.isMinded && child != without && parentNow(child) == running[i] && child.isGateOpen()) {
                    running[count++] = child;
                    if (child.hasPll()) {
                        narrowToLoop(clock, child, low, high);
                    }
                    if (child.isLimited()) {
                        narrowToConsumer(clock, child, child.limits(), low, high);
                    }
                    if (!isOwn && !isStarting && authority.keepsRate(child.index(), cause)) {
                        meetsPolicy |= canChange(clock) || clock.hasMux() || clock.hostRoot() != null;
                        narrowToConsumer(clock, child, NO_OTHER_RATE, low, high);
                    }
                }
            }
        }
    }

    /**
     * The bounds of a clock's rate that its own limits set, and those of all that will run from it, once it is switched on.
     *
     * @param without a clock whose part of the tree does not count; null for none
     */
    void boundStarting(Clock clock, @Nullable Clock without, Ratio low, Ratio high) {
        low.set(0, 1);
        high.setUnbounded();
        isStarting = true;
        narrowToLimits(clock, low, high);
        narrowToOpen(clock, without, low, high);
        isStarting = false;
    }

    /**
     * The rate nearest to bounds that a clock's own divider or phase-locked loop makes of the parent that it has.
     *
     * @param highest whether the highest within the bounds is wanted, or the lowest
     * @return as {@link #lowest}
     */
    long alone(Clock clock, Ratio low, Ratio high, boolean highest) {
        Frame top = frames[0];
        visits = 0;
        top.found = false;
        top.length = 0;
        top.low.set(low);
        top.high.set(high);
        int position = positionNow(clock);
        if (position != Clock.NONE && !top.isEmpty()) {
            searchDivisor(0, clock, position, highest);
        }
        return top.found ? top.best.floor() : NOTHING;
    }

    /** Narrows bounds of a clock's rate to its own limits, or to where it is, out of them, now. */
    void narrowToLimits(Clock clock, Ratio low, Ratio high) {
        through.set(1, 1);
        narrowTo(clock.limits(), rateNow(clock).floor(), low, high);
    }

    /** Keeps a phase-locked loop that is on within the ranges that it stands, as far as it is there now. */
    private void narrowToLoop(Clock clock, Clock consumer, Ratio low, Ratio high) {
        Pll pll = consumer.pll();
        Clock parent = parentNow(consumer);
        if (parent == null || !pll.isEnabled() || pll.isBypassed()) {
            return;
        }
        through.set(1, 1);
        for (Clock c = parent; c != clock && c != null; c = parentNow(c)) {
            c.passNow(through);
        }
        pll.read(present);
        if (through.isZero() || !Pll.moves(present)) {
            return;
        }
        consumer.passFactor(through);
        pll.passReference(through, present);
        pll.passReference(consumer.passFactor(loop.set(rateNow(parent))), present);
        narrowTo(pll.input(), loop.floor(), low, high);
        pll.passLoop(through, present);
        pll.passLoop(loop, present);
        narrowTo(pll.oscillator(), loop.floor(), low, high);
    }

    private void narrowToConsumer(Clock clock, Clock consumer, RateLimits limits, Ratio low, Ratio high) {
        through.set(1, 1);
        for (Clock c = consumer; c != clock && c != null; c = parentNow(c)) {
            c.passNow(through);
        }
        if (through.isZero()) {
            return;
        }
        narrowTo(limits, rateNow(consumer).floor(), low, high);
    }

    /** Narrows to limits of what has a rate now, and {@link #through} times the rate that is bounded. */
    private void narrowTo(RateLimits limits, long rate, Ratio low, Ratio high) {
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

    private long best(Clock clock, long from, long to, boolean highest) {
        Frame top = frames[0];
        visits = 0;
        top.found = false;
        top.length = 0;
        top.low.set(Math.max(from, 1), 1);
        setEnd(top.high, to);
        narrowToConsumers(clock, null, top.low, top.high);
        // What is found closes the bounds behind it, so a search that may change more must find something better.
        for (int ancestors = 0; ancestors <= clock.state.changeableAncestors && !top.isEmpty(); ancestors++) {
            search(0, clock, highest, ancestors);
        }
        return top.found ? top.best.floor() : NOTHING;
    }

    private static void setEnd(Ratio high, long to) {
        if (to == Long.MAX_VALUE) {
            high.setUnbounded();
        } else {
            high.set(to + 1, 1);
        }
    }

    private void search(int level, Clock clock, boolean highest, int ancestors) {
        if (clock.isFixed()) {
            Frame frame = frames[level];
            frame.trial.set(rateNow(clock));
            offer(level, clock, Clock.NONE, 1, highest, false);
            return;
        }
        int now = positionNow(clock);
        if (now != Clock.NONE) {
            searchParent(level, clock, now, highest, ancestors);
        }
        if (maySearchParents(clock)) {
            for (int position = 0; position < clock.parents().size(); position++) {
                if (position != now) {
                    searchParent(level, clock, position, highest, ancestors);
                }
            }
        }
    }

    /** Behind a bypass the parent itself is the output, so that no order of writes would be right for every parent. */
    private static boolean maySearchParents(Clock clock) {
        return clock.mayReparent() && !(clock.hasPll() && clock.pll().isBypassed());
    }

    private void searchParent(int level, Clock clock, int position, boolean highest, int ancestors) {
        Clock parent = clock.parents().get(position);
        searchDivisor(level, clock, position, highest);
        if (ancestors > 0 && clock.maySetParentRate() && mayMove(parent)) {
            boolean switches = position != positionNow(clock);
            if (switches) {
                pin(parentNow(clock), 1);
            }
            if (parent.state.pins == 0) {
                searchParentRate(level, clock, position, switches ? null : clock, highest, ancestors);
            }
            if (switches) {
                pin(parentNow(clock), -1);
            }
        }
    }

    private void pin(@Nullable Clock first, int change) {
        for (Clock clock = first; clock != null; clock = parentNow(clock)) {
            clock.state.pins += change;
        }
    }

    /** The one divisor that is best at the parent's present rate. */
    private void searchDivisor(int level, Clock clock, int position, boolean highest) {
        Frame frame = frames[level];
        Ratio parentRate = rateNow(clock.parents().get(position));
        if (parentRate.isZero() || frame.isEmpty()) {
            return;
        }
        if (clock.hasPll()) {
            pllSearch.run(level, clock, position, parentRate, frame.low, frame.high, highest);
            return;
        }
        Divider divider = clock.divider();
        long divisor = 1;
        if (divider != null) {
            Ratio undivided = clock.pass(frame.trial.set(parentRate), 1);
            if (highest) { // rate < high: the divisor is greater than undivided / high
                long below = undivided.over(frame.high).floor();
                divisor = below == Long.MAX_VALUE ? 0 : divider.atLeast(below + 1);
            } else { // rate >= low: the divisor is at most undivided / low
                divisor = divider.atMost(undivided.over(frame.low).floor());
            }
        }
        if (divisor != 0) {
            clock.pass(frame.trial.set(parentRate), divisor);
            offer(level, clock, position, divisor, highest, false);
        }
    }

    /** Every divisor of its own with the best that the parent can do for it. */
    private void searchParentRate(
            int level, Clock clock, int position, @Nullable Clock without, boolean highest, int ancestors) {
        Clock parent = clock.parents().get(position);
        Frame frame = frames[level];
        Frame above = frames[level + 1];
        TreeState bounds = boundsOf(parent, without);
        Divider divider = clock.divider();
        long divisor = divider == null ? 1 : highest ? divider.atLeast(1) : divider.atMost(Long.MAX_VALUE);
        while (divisor != 0 && visits++ < MOST_VISITS && !frame.isEmpty()) {
            clock.passBack(above.low.set(frame.low), divisor);
            clock.passBack(above.high.set(frame.high), divisor);
            if (above.low.isBelow(bounds.low)) {
                above.low.set(bounds.low);
            }
            if (bounds.high.isBelow(above.high)) {
                above.high.set(bounds.high);
            }
            if (!above.isEmpty()) {
                above.found = false;
                search(level + 1, parent, highest, ancestors - 1);
                if (above.found) {
                    clock.pass(frame.trial.set(above.best), divisor);
                    offer(level, clock, position, divisor, highest, true);
                }
            }
            if (divider == null) {
                return;
            }
            divisor = highest ? divider.atLeast(divisor + 1) : divider.atMost(divisor - 1);
        }
    }

    /** The bounds of a parent's rate, if it is to change: its own limits and those of all that run from it. */
    private TreeState boundsOf(Clock parent, @Nullable Clock without) {
        TreeState state = parent.state;
        if (state.boundsStamp != stamp || state.boundsWithout != without) {
            state.low.set(Math.max(parent.limits().min(), 1), 1);
            setEnd(state.high, parent.limits().max());
            narrowToConsumers(parent, without, state.low, state.high);
            state.boundsStamp = stamp;
            state.boundsWithout = without;
        }
        return state;
    }

    /** Whether one more combination may be looked at; counts it. */
    boolean mayVisit() {
        return visits++ < MOST_VISITS;
    }

    /** Takes a setting of a clock's phase-locked loop if it is within bounds and better than what was found. */
    void offer(int level, Clock clock, int position, Pll.Setting setting, boolean highest) {
        Frame frame = frames[level];
        Ratio parentRate = rateNow(clock.parents().get(position));
        clock.pll().pass(clock.passFactor(frame.trial.set(parentRate)), setting);
        if (offer(level, clock, position, 1, highest, false)) {
            frame.path[0].setting.set(setting);
        }
    }

    /** Takes the rate in the frame's {@code trial} if it is within bounds and better than what was found. */
    private boolean offer(int level, Clock clock, int position, long divisor, boolean highest, boolean withParent) {
        Frame frame = frames[level];
        Ratio rate = frame.trial;
        if (rate.isBelow(frame.low) || !rate.isBelow(frame.high)) {
            return false;
        }
        if (highest && level > 0 && frame.found && !frame.best.isBelow(rate)) {
            return false; // its low bound is the best itself, and that is inclusive
        }
        frame.found = true;
        frame.best.set(rate);
        frame.path[0].set(clock, position, divisor, rate);
        frame.length = 1;
        if (withParent) {
            Frame above = frames[level + 1];
            for (int i = 0; i < above.length; i++) {
                frame.path[i + 1].set(above.path[i]);
            }
            frame.length += above.length;
        }
        // The asked clock's rates count in whole Hz: only another whole number is better.
        if (highest) {
            setLow(frame, level == 0, rate);
        } else if (level == 0) {
            frame.high.set(rate.floor(), 1);
        } else {
            frame.high.set(rate);
        }
        return true;
    }

    private static void setLow(Frame frame, boolean wholeHz, Ratio rate) {
        if (wholeHz) {
            frame.low.set(rate.floor() + 1, 1);
        } else {
            frame.low.set(rate);
        }
    }

    /** A number that differs if the rates that can be found for a clock may differ. */
    long fingerprint(Clock clock) {
        Ratio low = frames[0].low.set(1, 1);
        Ratio high = frames[0].high.setUnbounded();
        narrowToConsumers(clock, null, low, high);
        long fingerprint = Fingerprint.mix(low.fingerprint(), high.fingerprint());
        return fingerprint(clock, fingerprint, clock.state.changeableAncestors);
    }

    private long fingerprint(Clock clock, long start, int ancestors) {
        if (clock.isFixed()) {
            return Fingerprint.mix(start, clock.rootHz());
        }
        int now = positionNow(clock);
        boolean maySearch = maySearchParents(clock);
        long fingerprint = Fingerprint.mix(start, maySearch ? now : -2 - now);
        if (clock.hasPll()) {
            fingerprint = Fingerprint.mix(fingerprint, clock.pll().feedback().scale());
        }
        for (int position = 0; position < clock.parents().size(); position++) {
            if (position == now || maySearch) {
                Clock parent = clock.parents().get(position);
                fingerprint = Fingerprint.mix(fingerprint, rateNow(parent).fingerprint());
                if (ancestors > 0 && clock.maySetParentRate() && mayMove(parent)) {
                    TreeState bounds = boundsOf(parent, position == now ? clock : null);
                    fingerprint = Fingerprint.mix(fingerprint, bounds.low.fingerprint());
                    fingerprint = Fingerprint.mix(fingerprint, bounds.high.fingerprint());
                    fingerprint = fingerprint(parent, fingerprint, ancestors - 1);
                }
            }
        }
        return fingerprint;
    }
}
