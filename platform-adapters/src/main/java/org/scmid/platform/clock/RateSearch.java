// Finds the settings of multiplexers, dividers and phase-locked loops that make a rate.
package org.scmid.platform.clock;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.loop.Work;
import org.scmid.platform.driver.ClockAuthority;
import org.scmid.platform.driver.Waiter;

/**
 * Finds the highest or the lowest rate of a clock within bounds, and the settings that make it; or all rates. It goes on
 * in slices ({@link #advance}), counted in units of work: one combination of settings, or one neighbour, looked at.
 *
 * <p>A clock's own divider, or its phase-locked loop ({@link PllSearch}), is computed at the rate of its parent. With
 * {@code reparent} every possible parent is tried, the present one first. With {@code set-parent-rate} the parent's rate
 * may change for all who run from it, so its bounds are narrowed to what the parent's limits, those of every enabled
 * clock below it and the ranges of running loops allow. Where the clock has fewer divisors that matter than the parent has
 * settings, each of its divisors is turned into bounds for the parent's rate, and the parent is searched in the same way;
 * else the parent {@linkplain Frame#gives gives} one possible rate after the other, and the divisor for it is computed. So
 * the clock with the most settings is never gone through. Which divisors matter follows from what the parent can reach
 * ({@link RateBounds}). Bounds that decide are exact fractions, so that no rate is missed or let in by rounding.
 *
 * <p>Of settings that make the same rate in whole Hz it takes those that change the fewest ancestors, and of these the
 * ones that leave the parent as it is. What it does not consider: more than {@value #MOST_ANCESTORS} ancestors at once;
 * changing to another parent together with a change of a clock that the present parent depends on (both rates would
 * move at once, and no order of writes would be free of glitches); another parent of a loop that is bypassed; and more
 * than the combinations that {@link #start} is allowed (then it is the best of those, and {@link #isCut}).
 *
 * <p>What it reads of registers it notes, from {@link #begin} on. Nothing is allocated once it is made.
 */
final class RateSearch {
    static final int MOST_ANCESTORS = 8;
    static final long NOTHING = -1;
    private static final int NO_LEVEL = -1;

    /** Units of work for what {@link #alone} looks at: the best of so many settings of one loop. */
    private static final int MOST_ALONE = 1000;

    /** What is looked for. */
    enum Goal {
        LOWEST,
        HIGHEST,
        /** Some rate within the bounds. */
        ANY,
        /** The lowest rates, each in whole Hz. */
        LIST,
        /** A number that differs if the rates that can be found may differ. */
        FINGERPRINT
    }

    private enum Phase {
        ENTER,
        NEXT_PARENT,
        DIVIDE,
        LOOP,
        PARENT,
        BOUNDED,
        OWN_DIVISORS,
        ABOVE,
        LEAVE
    }

    private final RateBounds reach;
    private final Frame[] frames = new Frame[MOST_ANCESTORS + 1];
    private final Choice[] kept = new Choice[MOST_ANCESTORS + 1];
    private final Neighbours neighbours;
    private final PllSearch pllSearch = new PllSearch();
    private final Ratio undivided = new Ratio();
    private final Ratio checked = new Ratio();

    // What was read, marked with the number of the operation that read it.
    private long stamp;
    private final long[] positionStamps;
    private final int[] positions;
    private final long[] rateStamps;
    private final Ratio[] rates;
    private final long[] boundsStamps;
    private final @Nullable Clock[] boundsWithout;
    private final @Nullable Bounds[] bounds;
    private final Clock[] chain;

    /** The bounds of the asked clock's rate, for all that run from it. */
    private final Bounds own = new Bounds();

    private long ownStamp;
    private boolean meetsChange;
    private ClockAuthority authority = ClockAuthority.ANYTHING;
    private boolean meetsPolicy;

    /** On whose behalf it searches. */
    private Waiter cause = Waiter.NOBODY;

    private @Nullable Change hold;

    private Goal goal = Goal.LOWEST;
    private @Nullable Clock asked;
    private int level;
    private int height;
    private int ancestors;
    private int beginAt;
    private boolean isOver = true;
    private boolean isCut;
    private boolean isAlone;
    private boolean isStarting;
    private int alone;
    private final Work counted;
    private long work;
    private long left;
    private long fingerprint;
    private final long[] list;
    private int listed;
    private int listRoom;
    private boolean isListCounted;

    /** Bounds of a clock's rate. */
    static final class Bounds {
        final Ratio low = new Ratio(); // inclusive
        final Ratio high = new Ratio(); // exclusive
    }

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
        final Choice current = new Choice();
        int length;
        boolean found;

        @Nullable
        Clock searched;

        /** How many clocks above it may change. */
        int ancestors;

        /** Whether the level below takes each of its rates; else it only wants the best. */
        boolean gives;

        Phase phase = Phase.LEAVE;
        int next;
        int position;
        boolean switches;

        /** Whether what it divides is a rate that the level above gives. */
        boolean isGiven;

        Ratio parentRate = trial;
        long divisor;
        boolean triesPresent;
        double reachLow;
        double reachHigh;

        Frame() {
            for (int i = 0; i < path.length; i++) {
                path[i] = new Choice();
            }
        }

        Clock clock() {
            if (searched == null) {
                throw new IllegalStateException("nothing is searched");
            }
            return searched;
        }

        Clock parent() {
            return clock().parents().get(position);
        }

        boolean isEmpty() {
            return !low.isBelow(high);
        }
    }

    /**
     * @param clocks of the tree
     * @param reach what the board says of their rates
     * @param listRoom how many rates a list has at most
     * @param counted counts what is done
     */
    RateSearch(List<Clock> clocks, RateBounds reach, int listRoom, Work counted) {
        this.reach = reach;
        this.counted = counted;
        for (int i = 0; i < frames.length; i++) {
            frames[i] = new Frame();
            kept[i] = new Choice();
        }
        int size = clocks.size();
        neighbours = new Neighbours(this, size);
        positionStamps = new long[size];
        positions = new int[size];
        rateStamps = new long[size];
        rates = new Ratio[size];
        boundsStamps = new long[size];
        boundsWithout = new Clock[size];
        bounds = new Bounds[size];
        chain = new Clock[size];
        list = new long[listRoom];
        for (Clock clock : clocks) {
            rates[clock.index()] = new Ratio();
            if (hasSettings(clock) && clock.children().stream().anyMatch(Clock::maySetParentRate)) {
                bounds[clock.index()] = new Bounds();
            }
        }
    }

    /** Notes with each clock how many ancestors a change of its rate may change, one above the other. */
    static void countChangeableAncestors(List<Clock> clocks) {
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
                if (hasSettings(parent)) {
                    most = Math.max(most, 1 + parent.state.changeableAncestors);
                }
            }
        }
        return Math.min(most, MOST_ANCESTORS);
    }

    /** Whether there is anything to set that changes a clock's rate. */
    static boolean hasSettings(Clock clock) {
        return clock.divider() != null || clock.hasPll() || clock.mayReparent() || clock.maySetParentRate();
    }

    /** Says what may be done to other clocks than the one that is asked for. */
    void govern(ClockAuthority itsAuthority) {
        authority = itsAuthority;
    }

    /** Whether an ancestor may be changed on behalf of {@link #cause}. */
    boolean canChange(Clock parent) {
        if (!hasSettings(parent)) {
            return false;
        }
        boolean mayMove = authority.mayMove(parent.index(), cause);
        meetsPolicy |= !mayMove;
        return mayMove;
    }

    /** Whether a clock that runs has to keep its rate while one above it is changed on behalf of {@link #cause}. */
    boolean keepsRate(Clock changed, Clock below) {
        if (authority.isOwn(changed.index(), cause) || !authority.keepsRate(below.index(), cause)) {
            return false;
        }
        meetsPolicy |= hasSettings(changed) || changed.hasMux() || changed.foreign() != null;
        return true;
    }

    /** Whether there would have been more to choose from, had nobody else a say. */
    boolean meetsPolicy() {
        return meetsPolicy;
    }

    /** Behind a bypass the parent itself is the output, so that no order of writes would be right for every parent. */
    static boolean maySearchParents(Clock clock) {
        return clock.mayReparent() && !(clock.hasPll() && clock.pll().isBypassed());
    }

    /** Whether it may search parents at some time. */
    static boolean maySearchParentsAtAll(Clock clock) {
        return clock.mayReparent();
    }

    // ---- What was read.

    /**
     * Forgets what was read: registers may have changed since.
     *
     * @param itsCause on whose behalf it searches
     */
    void begin(Waiter itsCause) {
        stamp++;
        meetsChange = false;
        meetsPolicy = false;
        cause = itsCause;
        isOver = true;
        isStarting = false;
        isCut = false;
        frames[0].length = 0;
    }

    /** On whose behalf it searches. */
    Waiter cause() {
        return cause;
    }

    /** Marks what it looks at as part of a change, so that it stays as it is; null to mark nothing. */
    void hold(@Nullable Change by) {
        hold = by;
    }

    /** Whether a clock was looked at that takes part in a change that is under way: what was found may soon be wrong. */
    boolean meetsChange() {
        return meetsChange;
    }

    /** Whether what was found may follow from a clock. */
    boolean hasLookedAt(Clock clock) {
        return positionStamps[clock.index()] == stamp || rateStamps[clock.index()] == stamp;
    }

    /** Notes whether a clock takes part in a change that is under way. */
    private void look(Clock clock) {
        Change change = clock.state.change();
        if (change == null) {
            if (hold != null) {
                hold.keep(clock);
            }
        } else if (change != hold) {
            meetsChange = true;
        }
    }

    /** Notes whether a change that is under way moves a clock's rate, and so the rates of all that run from it. */
    private void lookAbove(Clock clock) {
        Change change = clock.state.change();
        if (change != null) {
            meetsChange |= change != hold && clock.state.moves;
        } else if (hold != null) {
            hold.keep(clock);
        }
    }

    /** Notes whether what runs from a clock takes part in a change that is under way. */
    void meetWhatIsBelow(Clock clock) {
        meetsChange |= clock.state.changesBelow > 0;
    }

    /** The exact rate at the start of the operation. */
    Ratio rateNow(Clock clock) {
        look(clock);
        if (rateStamps[clock.index()] != stamp) {
            noteRate(clock);
        }
        return rates[clock.index()];
    }

    /** Notes the rates of a clock and of all above it that are not noted, the topmost first. */
    private void noteRate(Clock first) {
        int length = 0;
        Clock above = first;
        while (above != null && rateStamps[above.index()] != stamp) {
            lookAbove(above);
            chain[length++] = above;
            int position = notePosition(above);
            above = position == Clock.NONE ? null : above.parents().get(position);
        }
        for (int i = length - 1; i >= 0; i--) {
            Clock clock = chain[i];
            Ratio rate = rates[clock.index()];
            if (clock.isFixed()) {
                rate.set(clock.rootHz(), 1);
            } else if (above == null || rates[above.index()].isZero()) {
                rate.set(0, 1);
            } else {
                clock.passNow(rate.set(rates[above.index()]));
            }
            rateStamps[clock.index()] = stamp;
            above = clock;
        }
    }

    /** The position of the parent at the start of the operation. */
    int positionNow(Clock clock) {
        look(clock);
        return notePosition(clock);
    }

    private int notePosition(Clock clock) {
        int index = clock.index();
        if (positionStamps[index] != stamp) {
            positions[index] = clock.parentPosition();
            positionStamps[index] = stamp;
        }
        return positions[index];
    }

    @Nullable
    Clock parentNow(Clock clock) {
        int position = positionNow(clock);
        return position == Clock.NONE ? null : clock.parents().get(position);
    }

    /** Whether the registers of what was found are as they were read, whoever may have changed them in between. */
    boolean isStillSo() {
        for (int i = 0; i < choices(); i++) {
            Clock clock = choice(i).clock();
            if (clock.parentPosition() != positionNow(clock)
                    || !clock.exactRate(checked).isSame(rateNow(clock))) {
                return false;
            }
        }
        return true;
    }

    // ---- What was found.

    /** How many clocks the settings found are of: the asked one, and those above it that change too. */
    int choices() {
        return frames[0].length;
    }

    /** One of them: 0 is the asked clock, each other one the chosen parent of the one before. */
    Choice choice(int atLevel) {
        return frames[0].path[atLevel];
    }

    /** The rate that was found in whole Hz; {@link #NOTHING} if none was. */
    long found() {
        return frames[0].found ? frames[0].best.floor() : NOTHING;
    }

    /** Whether something better may have been missed, as there was too much to look at. */
    boolean isCut() {
        return isCut;
    }

    /** How many rates were found for a list. */
    int listed() {
        return listed;
    }

    /** One of them, ascending from position 0, in whole Hz. */
    long listed(int position) {
        return list[position];
    }

    /** Whether there may be more than what was listed. */
    boolean isListFull() {
        return listed == listRoom;
    }

    /** What {@link Goal#FINGERPRINT} found. */
    long fingerprint() {
        return fingerprint;
    }

    /** Work done since it was made, in units. */
    long work() {
        return work;
    }

    /** Remembers what was found, while something else is looked for. */
    void keep() {
        for (int i = 0; i < choices(); i++) {
            kept[i].set(choice(i));
        }
    }

    /** What was found is what was kept, so many choices. */
    void takeKept(int count) {
        Frame top = frames[0];
        top.found = true;
        top.length = count;
        top.best.set(kept[0].rate);
        for (int i = 0; i < count; i++) {
            top.path[i].set(kept[i]);
        }
    }

    /**
     * Whether a rate may be possible, by bounds: if not, there is nothing to look for.
     *
     * @param orLower whether a lower one would do
     * @param orHigher whether a higher one would do
     */
    boolean mayReach(Clock clock, long hz, boolean orLower, boolean orHigher) {
        reach.reach(this, clock, clock.state.changeableAncestors);
        return (orHigher || reach.low() <= hz + 1.0) && (orLower || reach.high() >= hz);
    }

    // ---- A search from its beginning to its end.

    /**
     * Starts to look for a rate, in whole Hz, from {@code from} to {@code to}, both inclusive and in Hz.
     *
     * @param mostWork after so many units the best that was found counts
     */
    void start(Goal itsGoal, Clock clock, long from, long to, long mostWork) {
        goal = itsGoal;
        asked = clock;
        Frame top = frames[0];
        top.found = false;
        top.length = 0;
        top.low.set(Math.max(from, 1), 1);
        setEnd(top.high, to);
        left = mostWork;
        isCut = false;
        isOver = false;
        isStarting = false;
        isAlone = false;
        listed = 0;
        listRoom = list.length;
        fingerprint = 0;
        level = NO_LEVEL;
        height = NO_LEVEL;
        beginAt = goal == Goal.LIST || goal == Goal.FINGERPRINT ? clock.state.changeableAncestors : 0;
        ancestors = beginAt;
        if (ownStamp != stamp) {
            own.low.set(0, 1);
            own.high.setUnbounded();
            neighbours.begin(clock, null, own.low, own.high);
        }
    }

    /**
     * As {@link #start}, for a list of the lowest rates.
     *
     * @param room how many, at most
     * @param isCounted whether any will do if there are as many: it only counts that there are
     */
    void startList(Clock clock, long from, long to, int room, boolean isCounted, long mostWork) {
        start(Goal.LIST, clock, from, to, mostWork);
        listRoom = room;
        isListCounted = isCounted;
    }

    /**
     * Starts to find out between which bounds a clock's rate has to stay for all that run from it: {@link #low} and
     * {@link #high}.
     *
     * @param withItsOwn whether its own limits count, or where it is now, out of them
     */
    void startBounds(Clock clock, boolean withItsOwn) {
        start(Goal.ANY, clock, 1, Long.MAX_VALUE, Long.MAX_VALUE);
        frames[0].low.set(0, 1);
        if (withItsOwn) {
            long now = rateNow(clock).floor();
            frames[0].low.set(Math.min(clock.limits().min(), now), 1);
            setEnd(frames[0].high, Math.max(clock.limits().max(), now));
        }
        asked = null;
    }

    /**
     * Starts to find out the bounds of a clock's rate that its own limits set, and those of all that will run from it, once
     * it is switched on. What was found before stays found.
     *
     * @param without a clock whose part of the tree does not count; null for none
     */
    void startStarting(Clock clock, @Nullable Clock without, Ratio low, Ratio high) {
        neighbours.beginStarting(clock, without, low, high);
        left = Long.MAX_VALUE;
        isOver = false;
        isStarting = true;
    }

    /**
     * Starts to look for the rate nearest to bounds that a clock's own divider or phase-locked loop makes of one parent's
     * present rate. No other clock is searched, and those that run from it are not looked at. It is the last that is looked
     * for after a {@link #begin}.
     *
     * @param position which of its parents
     * @param low inclusive
     * @param high exclusive
     * @param orHigher whether the lowest within the bounds is wanted, else the highest
     */
    void startAlone(Clock clock, int position, Ratio low, Ratio high, boolean orHigher) {
        own.low.set(low);
        own.high.set(high);
        ownStamp = stamp; // in place of what all that run from it allow
        start(orHigher ? Goal.LOWEST : Goal.HIGHEST, clock, 1, Long.MAX_VALUE, MOST_ALONE);
        alone = position;
        isAlone = true;
    }

    private static void narrow(Frame frame, Bounds its) {
        if (frame.low.isBelow(its.low)) {
            frame.low.set(its.low);
        }
        if (its.high.isBelow(frame.high)) {
            frame.high.set(its.high);
        }
    }

    Ratio low() {
        return frames[0].low;
    }

    Ratio high() {
        return frames[0].high;
    }

    private static void setEnd(Ratio high, long to) {
        if (to == Long.MAX_VALUE) {
            high.setUnbounded();
        } else {
            high.set(to + 1, 1);
        }
    }

    /**
     * Goes on for so many units of work at most.
     *
     * @return how many are left; if none are, it has perhaps not ended ({@link #isOver})
     */
    long advance(long units) {
        long unused = units;
        while (!isOver() && unused > 0) {
            unused--;
            work++;
            counted.add(1);
            if (left-- <= 0) {
                isCut = true;
                isOver = true;
            } else {
                step();
            }
        }
        return unused;
    }

    /** Whether it has ended. */
    boolean isOver() {
        return isOver || meetsChange;
    }

    private void step() {
        if (neighbours.isUnderWay()) {
            neighbours.step();
            return;
        }
        if (isStarting) {
            isStarting = false;
            isOver = true;
            return;
        }
        if (level == NO_LEVEL) {
            nextRound();
            return;
        }
        Frame frame = frames[level];
        switch (frame.phase) {
            case ENTER -> enter(frame);
            case NEXT_PARENT -> nextParent(frame);
            case DIVIDE -> divide(frame);
            case LOOP -> loop(frame);
            case PARENT -> lookAtParent(frame);
            case BOUNDED -> searchParent(frame);
            case OWN_DIVISORS -> nextOwnDivisor(frame);
            case ABOVE -> backFromAbove(frame);
            case LEAVE -> leave();
        }
    }

    /** What is found closes the bounds behind it, so a search that may change more must find something better. */
    private void nextRound() {
        Clock clock = asked;
        if (ancestors == beginAt) {
            ownStamp = stamp; // all that run from it were looked at
            narrow(frames[0], own);
        }
        if (clock == null || frames[0].isEmpty() || ancestors > (isAlone ? 0 : clock.state.changeableAncestors)) {
            isOver = true;
            return;
        }
        if (goal == Goal.FINGERPRINT) {
            fingerprint = Fingerprint.mix(frames[0].low.fingerprint(), frames[0].high.fingerprint());
        }
        push(0, clock, ancestors, false);
        ancestors++;
    }

    private void push(int at, Clock clock, int mayChange, boolean gives) {
        Frame frame = frames[at];
        frame.searched = clock;
        frame.ancestors = mayChange;
        frame.gives = gives;
        frame.isGiven = false;
        frame.switches = false;
        frame.phase = Phase.ENTER;
        level = at;
        height = at;
    }

    private void leave() {
        height = level - 1;
        level = height;
    }

    private void enter(Frame frame) {
        Clock clock = frame.clock();
        if (clock.isFixed()) {
            frame.phase = Phase.LEAVE;
            if (goal == Goal.FINGERPRINT) {
                mix(clock.rootHz());
            } else {
                frame.trial.set(rateNow(clock));
                candidate(frame, Clock.NONE, 1);
            }
            return;
        }
        frame.next = NO_LEVEL;
        frame.phase = Phase.NEXT_PARENT;
        if (goal == Goal.FINGERPRINT) {
            mixPosition(clock);
        }
    }

    /** The present parent first, then all others. */
    private void nextParent(Frame frame) {
        Clock clock = frame.clock();
        int now = positionNow(clock);
        frame.switches = false;
        if (frame.isEmpty()) {
            frame.phase = Phase.LEAVE;
            return;
        }
        if (frame.next == NO_LEVEL) {
            frame.next = 0;
            if (isAlone) {
                frame.position = alone;
                frame.switches = alone != now;
                divideFrom(frame);
                return;
            }
            if (now != Clock.NONE) {
                frame.position = now;
                divideFrom(frame);
                return;
            }
        }
        if (frame.next == now) {
            frame.next++;
        }
        if (isAlone || frame.next >= clock.parents().size() || !maySearchParents(clock)) {
            frame.phase = Phase.LEAVE;
            return;
        }
        frame.position = frame.next++;
        frame.switches = true;
        divideFrom(frame);
    }

    private void divideFrom(Frame frame) {
        Ratio parentRate = rateNow(frame.parent());
        if (goal == Goal.FINGERPRINT) {
            mix(parentRate.fingerprint());
            frame.phase = Phase.PARENT;
        } else {
            beginToDivide(frame, parentRate, false);
        }
    }

    // ---- Its own settings.

    /** Computes the divisor that is best for a rate of the parent. */
    private void beginToDivide(Frame frame, Ratio parentRate, boolean isGiven) {
        Clock clock = frame.clock();
        frame.isGiven = isGiven;
        frame.parentRate = parentRate;
        frame.divisor = 0;
        frame.phase = Phase.DIVIDE;
        if (parentRate.isZero() || frame.isEmpty()) {
            return;
        }
        if (clock.hasPll()) {
            pllSearch.begin(
                    clock, parentRate, frame.low, frame.high, goal == Goal.HIGHEST, frame.gives || goal == Goal.LIST);
            frame.phase = Phase.LOOP;
            return;
        }
        Divider divider = clock.divider();
        if (divider == null) {
            frame.divisor = 1;
            return;
        }
        clock.pass(undivided.set(parentRate), 1);
        if (goal == Goal.HIGHEST) { // rate < high: the divisor is greater than undivided / high
            long below = undivided.over(frame.high).floor();
            frame.divisor = below == Long.MAX_VALUE ? 0 : divider.atLeast(below + 1);
        } else { // rate >= low: the divisor is at most undivided / low
            frame.divisor = divider.atMost(undivided.over(frame.low).floor());
        }
    }

    private void divide(Frame frame) {
        Clock clock = frame.clock();
        long divisor = frame.divisor;
        Divider divider = clock.divider();
        if (divisor != 0) {
            clock.pass(frame.trial.set(frame.parentRate), divisor);
            frame.divisor = frame.gives || goal == Goal.LIST ? nextDivisor(divider, divisor) : 0;
            if (isWithin(frame)) {
                if (goal == Goal.LIST && !frame.gives && divider != null) { // rates are listed in whole Hz
                    clock.pass(undivided.set(frame.parentRate), 1);
                    long most = undivided
                            .over(checked.set(frame.trial.floor() + 1, 1))
                            .floor();
                    frame.divisor = Math.min(frame.divisor, divider.atMost(most));
                }
                candidate(frame, frame.position, divisor);
                return;
            }
        }
        endDividing(frame);
    }

    /** The divisor after this one, in the order in which they are gone through; 0 if there is none. */
    private long nextDivisor(@Nullable Divider divider, long divisor) {
        if (divider == null) {
            return 0;
        }
        return goal == Goal.HIGHEST ? divider.atLeast(divisor + 1) : divider.atMost(divisor - 1);
    }

    private static boolean isWithin(Frame frame) {
        return !frame.trial.isBelow(frame.low) && frame.trial.isBelow(frame.high);
    }

    private void loop(Frame frame) {
        if (pllSearch.step()) {
            Clock clock = frame.clock();
            clock.pll().pass(clock.passFactor(frame.trial.set(frame.parentRate)), pllSearch.setting());
            if (isWithin(frame)) {
                frame.current.setting.set(pllSearch.setting());
                candidate(frame, frame.position, 1);
                if (goal == Goal.LIST && !frame.gives) { // rates are listed in whole Hz
                    pllSearch.skipTo(checked.set(frame.trial.floor() + 1, 1));
                }
                return;
            }
            pllSearch.skipFeedback();
        }
        if (pllSearch.isOver()) {
            endDividing(frame);
        }
    }

    private void endDividing(Frame frame) {
        if (frame.isGiven) {
            frame.phase = Phase.ABOVE;
            level++; // which gives the next
        } else {
            frame.phase = Phase.PARENT;
        }
    }

    /** A possible rate, in the frame's {@code trial}. */
    private void candidate(Frame frame, int position, long divisor) {
        frame.current.set(frame.clock(), position, divisor, frame.trial);
        if (!frame.gives) {
            offer(frame, frame.isGiven);
            return;
        }
        level--;
        beginToDivide(frames[level], frame.trial, true);
    }

    /**
     * Takes the rate in the frame's {@code trial} if it is within bounds and better than what was found.
     *
     * @param isGiven whether it is made of what the levels above give
     */
    private void offer(Frame frame, boolean isGiven) {
        if (goal == Goal.LIST) {
            insert(frame, frame.trial.floor());
            return;
        }
        if (!isBetter(frame)) {
            return;
        }
        frame.length = 1;
        boolean isMore = isGiven;
        for (int above = level + 1; isMore; above++) {
            frame.path[frame.length++].set(frames[above].current);
            isMore = frames[above].isGiven;
        }
        close(frame);
    }

    /** As {@link #offer}, of what a search of the level above has found. */
    private void offerAbove(Frame frame, Frame above) {
        if (!isBetter(frame)) {
            return;
        }
        for (int i = 0; i < above.length; i++) {
            frame.path[i + 1].set(above.path[i]);
        }
        frame.length = 1 + above.length;
        close(frame);
    }

    /** Takes the rate in the frame's {@code trial}, if it is within bounds and better than what was found. */
    private boolean isBetter(Frame frame) {
        boolean isEqual = goal == Goal.HIGHEST && level > 0 && frame.found && !frame.best.isBelow(frame.trial);
        if (isEqual || !isWithin(frame)) { // the low bound is the best itself then, and that is inclusive
            return false;
        }
        frame.found = true;
        frame.best.set(frame.trial);
        frame.path[0].set(frame.current);
        return true;
    }

    /** Only what is better counts from now on: for the asked clock another whole number, as its rates count in whole Hz. */
    private void close(Frame frame) {
        Ratio rate = frame.best;
        boolean isTop = level == 0;
        if (goal == Goal.ANY) {
            isOver = isTop;
            frame.high.set(frame.low);
        } else if (goal == Goal.HIGHEST) {
            if (isTop) {
                frame.low.set(rate.floor() + 1, 1);
            } else {
                frame.low.set(rate);
            }
        } else if (isTop) {
            frame.high.set(rate.floor(), 1);
        } else {
            frame.high.set(rate);
        }
        tighten();
    }

    private void insert(Frame frame, long hz) {
        int at = Arrays.binarySearch(list, 0, listed, hz);
        if (at >= 0) {
            return;
        }
        int place = -at - 1;
        if (listed == listRoom) {
            listed--; // the highest goes
        }
        System.arraycopy(list, place, list, place + 1, listed - place);
        list[place] = hz;
        listed++;
        if (listed == listRoom) {
            isOver = isListCounted;
            frame.high.set(list[listed - 1], 1);
            tighten();
        }
    }

    /** Those above that give need not give what does not matter any more. */
    private void tighten() {
        for (int above = level + 1; above <= height && frames[above].gives; above++) {
            tighten(above);
        }
    }

    private void tighten(int at) {
        Frame frame = frames[at];
        Frame child = frames[at - 1];
        Clock clock = child.clock();
        Divider divider = clock.divider();
        long least = divider == null ? 1 : divider.atLeast(1);
        long most = divider == null ? 1 : divider.atMost(Long.MAX_VALUE);
        setBounds(frame, child, least, most);
    }

    /** Bounds of a parent's rate, from those of the child with two divisors and those of the parent itself. */
    private void setBounds(Frame frame, Frame child, long least, long most) {
        Clock clock = child.clock();
        Bounds its = boundsOf(child.parent());
        clock.passBack(frame.low.set(child.low), least);
        clock.passBack(frame.high.set(child.high), most);
        narrow(frame, its);
    }

    // ---- A parent that changes.

    private void lookAtParent(Frame frame) {
        Clock clock = frame.clock();
        Clock parent = frame.parent();
        frame.phase = Phase.NEXT_PARENT;
        if (frame.ancestors == 0
                || !clock.maySetParentRate()
                || !canChange(parent)
                || frame.isEmpty()
                || isPinned(parent)) {
            return;
        }
        frame.phase = Phase.BOUNDED;
        bound(parent, frame.switches ? null : clock);
    }

    /** Whether a clock's rate must stay as it is, since one that is searched changes its parent from there. */
    private boolean isPinned(Clock parent) {
        for (int i = 0; i <= level; i++) {
            if (frames[i].switches) {
                for (Clock c = parentNow(frames[i].clock()); c != null; c = parentNow(c)) {
                    if (c == parent) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Begins to find out the bounds of a parent's rate, if it is to change: its limits, and all that run from it. */
    private void bound(Clock parent, @Nullable Clock without) {
        int index = parent.index();
        if (boundsStamps[index] != stamp || boundsWithout[index] != without) {
            boundsStamps[index] = NOTHING;
            boundsWithout[index] = without;
            Bounds its = boundsOf(parent);
            its.low.set(Math.max(parent.limits().min(), 1), 1);
            setEnd(its.high, parent.limits().max());
            neighbours.begin(parent, without, its.low, its.high);
        }
    }

    /** The bounds of a parent's rate, if it is to change, as {@link #bound} has found them. */
    private Bounds boundsOf(Clock parent) {
        Bounds its = bounds[parent.index()];
        if (its == null) {
            throw new IllegalStateException("clock " + parent + " is nobody's parent that may change");
        }
        return its;
    }

    /** Either the parent gives all its rates, or it is searched for each of the clock's own divisors. */
    private void searchParent(Frame frame) {
        Clock clock = frame.clock();
        Clock parent = frame.parent();
        Bounds its = boundsOf(parent);
        boundsStamps[parent.index()] = stamp; // all that run from it were looked at
        int above = level + 1;
        if (goal == Goal.FINGERPRINT) {
            mix(its.low.fingerprint());
            mix(its.high.fingerprint());
            frame.phase = Phase.ABOVE;
            frames[above].low.set(1, 1);
            frames[above].high.setUnbounded();
            push(above, parent, frame.ancestors - 1, false);
            return;
        }
        reach.reach(this, parent, frame.ancestors - 1);
        frame.reachLow = clock.factor(Math.max(reach.low(), its.low.toDouble() * (1 - RateBounds.SLACK)));
        frame.reachHigh = clock.factor(Math.min(reach.high(), its.high.toDouble() * (1 + RateBounds.SLACK)));
        long least = leastDivisor(frame);
        long most = mostDivisor(frame);
        if (!(frame.reachLow <= frame.reachHigh) || least == 0 || most == 0 || least > most) {
            frame.phase = Phase.NEXT_PARENT;
            return;
        }
        if (frame.gives || goal == Goal.LIST || isFewerAbove(frame, parent, least, most)) {
            setBounds(frames[above], frame, least, most);
            if (frames[above].isEmpty()) {
                frame.phase = Phase.NEXT_PARENT;
                return;
            }
            frame.phase = Phase.ABOVE;
            push(above, parent, frame.ancestors - 1, true);
            return;
        }
        frame.triesPresent = clock.divider() != null && !frame.switches;
        frame.divisor = goal == Goal.HIGHEST ? least : most;
        frame.phase = Phase.OWN_DIVISORS;
    }

    private boolean isFewerAbove(Frame frame, Clock parent, long least, long most) {
        Divider divider = frame.clock().divider();
        double own = divider == null ? 1 : Math.min(divider.settings(), (double) most - least + 1);
        return reach.settings(parent, frame.ancestors - 1) < own * reach.trials(parent, frame.ancestors - 1);
    }

    /** The least of its own divisors that can matter; 0 if none can. */
    private static long leastDivisor(Frame frame) {
        Divider divider = frame.clock().divider();
        if (divider == null) {
            return 1;
        }
        double least = frame.reachLow * divider.scale() / frame.high.toDouble() * (1 - RateBounds.SLACK);
        return divider.atLeast(Math.max(1, (long) least));
    }

    /** The largest of its own divisors that can matter; 0 if none can. */
    private static long mostDivisor(Frame frame) {
        Divider divider = frame.clock().divider();
        if (divider == null) {
            return 1;
        }
        double most = frame.reachHigh * divider.scale() / frame.low.toDouble() * (1 + RateBounds.SLACK);
        return divider.atMost((long) Math.min(most, 0x1p62));
    }

    /** One of its own divisors with the best that the parent can do for it, the present one first. */
    private void nextOwnDivisor(Frame frame) {
        Clock clock = frame.clock();
        Divider divider = clock.divider();
        long divisor = frame.divisor;
        if (frame.triesPresent && divider != null) {
            frame.triesPresent = false;
            divisor = divider.divisor();
            if (divisor == 0 || divider.atLeast(divisor) != divisor) {
                return;
            }
        } else {
            if (isPast(frame, divisor)) {
                frame.phase = Phase.NEXT_PARENT;
                return;
            }
            frame.divisor = nextDivisor(divider, divisor);
        }
        Frame above = frames[level + 1];
        frame.current.set(clock, frame.position, divisor, frame.trial);
        setBounds(above, frame, divisor, divisor);
        if (!above.isEmpty()) {
            above.found = false;
            above.length = 0;
            frame.phase = Phase.ABOVE;
            push(level + 1, frame.parent(), frame.ancestors - 1, false);
        }
    }

    private boolean isPast(Frame frame, long divisor) {
        return divisor == 0
                || frame.isEmpty()
                || (goal == Goal.HIGHEST ? divisor > mostDivisor(frame) : divisor < leastDivisor(frame));
    }

    private void backFromAbove(Frame frame) {
        Frame above = frames[level + 1];
        if (above.gives || goal == Goal.FINGERPRINT) {
            frame.phase = Phase.NEXT_PARENT;
            return;
        }
        frame.phase = Phase.OWN_DIVISORS;
        if (above.found) {
            frame.clock().pass(frame.trial.set(above.best), frame.current.divisor);
            frame.current.set(frame.clock(), frame.position, frame.current.divisor, frame.trial);
            offerAbove(frame, above);
        }
    }

    // ---- A number that differs if the rates that can be found may differ.

    private void mix(long value) {
        fingerprint = Fingerprint.mix(fingerprint, value);
    }

    private void mixPosition(Clock clock) {
        int now = positionNow(clock);
        boolean maySearch = maySearchParents(clock);
        mix(maySearch ? now : -2 - now);
        if (clock.hasPll()) {
            mix(clock.pll().feedback().scale());
        }
        if (maySearch && clock.maySetParentRate()) { // what the present parent depends on stays as it is
            for (Clock above = parentNow(clock); above != null; above = parentNow(above)) {
                mix(above.index());
            }
        }
    }
}
