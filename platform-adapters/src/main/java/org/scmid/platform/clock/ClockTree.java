// All clocks of a board: what can be asked of them and done to them.
package org.scmid.platform.clock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.Board;
import org.scmid.config.ClockSpec;
import org.scmid.config.Describe;
import org.scmid.platform.clock.RateSearch.Choice;
import org.scmid.platform.register.Windows;

/**
 * The clocks of a board. Registers are the truth: each operation reads those of the clocks concerned (the chain up to
 * the root, and the clocks that run from what changes), and building the tree reads and writes none.
 *
 * <p>The tree belongs to one thread. In the steady state its operations allocate nothing.
 */
public final class ClockTree {
    /** Linux 6.12 reads no more rates of a list, and would take the last it has read for the highest. */
    private static final int LONGEST_AUTOMATIC_LIST = 16;

    /** What SCMI can count as remaining behind a first reply without rates. */
    private static final int LONGEST_LIST = 0xFFFF;

    private final List<Clock> clocks;
    private final OpenedGates opened;
    private final Map<String, Clock> byName = new HashMap<>();
    private final RateSearch search;
    private final RatePlan plan;
    private final Clock[] affected;
    private final Clock[] chain;
    private final Ratio low = new Ratio();
    private final Ratio high = new Ratio();
    private final Ratio trial = new Ratio();
    private final @Nullable Clock[] oldParents = new Clock[RateSearch.MOST_ANCESTORS + 1];
    private @Nullable RateListener listener;
    private @Nullable Runnable releaseListener;
    private int affectedCount;

    /**
     * Builds the tree of a board.
     *
     * @param board a checked board
     * @param windows its registers
     */
    public ClockTree(Board board, Windows windows) {
        this(board, windows, OpenedGates.inMemory());
    }

    /**
     * Builds the tree of a board whose gates were partly opened by a tree before this one.
     *
     * @param board a checked board
     * @param windows its registers
     * @param opened which gates that tree answered for; kept up to date by this one
     */
    public ClockTree(Board board, Windows windows, OpenedGates opened) {
        this.opened = opened;
        List<Clock> made = new ArrayList<>();
        for (ClockSpec spec : board.clocks().values()) {
            Clock clock = new Clock(made.size(), spec, windows);
            made.add(clock);
            byName.put(spec.name(), clock);
        }
        for (ClockSpec spec : board.clocks().values()) {
            for (String parent : spec.parents()) {
                get(spec.name()).addParent(get(parent));
            }
        }
        clocks = Collections.unmodifiableList(made);
        search = new RateSearch(clocks);
        plan = new RatePlan(search);
        affected = new Clock[clocks.size()];
        chain = new Clock[clocks.size()];
    }

    /** Every clock, in the board file's order. */
    public List<Clock> clocks() {
        return clocks;
    }

    /** How many clocks there are. */
    public int size() {
        return clocks.size();
    }

    /** The clock at a position in the board file, from 0. */
    public Clock clock(int index) {
        return clocks.get(index);
    }

    /** The clock of a name; null if there is none. */
    public @Nullable Clock find(String name) {
        return byName.get(name);
    }

    /**
     * The clock of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Clock get(String name) {
        Clock clock = byName.get(name);
        if (clock == null) {
            throw new IllegalArgumentException("no clock " + name);
        }
        return clock;
    }

    /** Says who is told of changed rates; null for nobody. */
    public void setListener(@Nullable RateListener listener) {
        this.listener = listener;
    }

    /** Says who is told, whenever it happens, that somebody has let go of a clock; null for nobody. */
    public void setReleaseListener(@Nullable Runnable listener) {
        releaseListener = listener;
    }

    // ---- Rates.

    /**
     * Sets a clock's rate. Possible rates are those that its divider makes of its parent's rate, with {@code reparent}
     * of any parent's, and with {@code set-parent-rate} of any rate that the parent can be given in turn, as long as
     * they are within the clock's limits and leave every enabled clock below, and below a parent that changes, within
     * its own. They are compared in whole Hz, rounded down. The gate is not touched.
     *
     * <ul>
     *   <li>A request for the rate that the clock has, if within its limits, changes nothing; nor does one for which no
     *       better rate is possible.
     *   <li>A request above the highest possible rate is refused, whatever the rounding.
     *   <li>A request below the lowest possible rate is refused with {@link Rounding#DOWN}; {@link Rounding#UP} and
     *       {@link Rounding#NEAREST} take the lowest.
     * </ul>
     *
     * @param clock the clock
     * @param hz the wanted rate in Hz; a negative one is taken as unsigned, so it is above every rate
     * @param rounding what to take if it cannot be made exactly
     * @return {@link Outcome#OK}; {@link Outcome#OUT_OF_LIMITS} if the request is above the clock's highest allowed
     *     rate, or with {@link Rounding#DOWN} below its lowest; {@link Outcome#UNSUPPORTED_RATE} if no possible rate
     *     fits
     */
    public Outcome setRate(Clock clock, long hz, Rounding rounding) {
        Outcome outcome = find(clock, hz, rounding);
        if (outcome == Outcome.OK && !hasRate(clock, hz) && findsAnotherRate(clock)) {
            plan.make();
            change();
        }
        return outcome;
    }

    /**
     * What {@link #setRate} would answer, without doing it.
     *
     * @param clock the clock
     * @param hz the wanted rate in Hz
     * @param rounding what to take if it cannot be made exactly
     */
    public Outcome checkRate(Clock clock, long hz, Rounding rounding) {
        return find(clock, hz, rounding);
    }

    /** Finds the settings for a rate; none are needed if the clock has it. */
    private Outcome find(Clock clock, long hz, Rounding rounding) {
        long min = clock.limits().min();
        long max = clock.limits().max();
        if (hz < 0 || hz > max || (hz < min && rounding == Rounding.DOWN)) {
            return Outcome.OUT_OF_LIMITS;
        }
        search.begin();
        if (hasRate(clock, hz)) {
            return Outcome.OK;
        }
        long above = search.lowest(clock, Math.max(hz, min), max);
        if (above == RateSearch.NOTHING) {
            return Outcome.UNSUPPORTED_RATE;
        }
        if (rounding != Rounding.UP && above != hz) {
            long below = search.highest(clock, min, hz);
            if (rounding == Rounding.DOWN && below == RateSearch.NOTHING) {
                return Outcome.UNSUPPORTED_RATE;
            }
            if (rounding == Rounding.NEAREST && (below == RateSearch.NOTHING || above - hz < hz - below)) {
                search.lowest(clock, above, above); // its settings again
            }
        }
        return Outcome.OK;
    }

    /** Other settings that make the same rate in whole Hz are no reason to write registers. */
    private boolean findsAnotherRate(Clock clock) {
        return search.choice(0).rate.floor() != search.rateNow(clock).floor();
    }

    private boolean hasRate(Clock clock, long hz) {
        return hz >= clock.limits().min() && search.rateNow(clock).floor() == hz;
    }

    /**
     * A root that is a clock of the host was seen with this rate. The listener is told of each clock whose rate is
     * another now; limits hold nothing up, since it has happened.
     *
     * @param hz from 0
     */
    void rootHasRate(Clock root, long hz) {
        if (hz != root.rootHz()) {
            search.begin();
            noteBefore(root);
            root.setRootHz(hz);
            notifyChanges();
        }
    }

    /**
     * Runs a clock from another of its parents. Its own divider and limits do not count, but no enabled clock that runs
     * from it may get out of its limits, and no phase-locked loop that is on, its own included, out of the ranges that it
     * stands.
     *
     * @param clock the clock
     * @param position which of its {@link Clock#parents}
     * @return {@link Outcome#OK}; {@link Outcome#NOT_A_PARENT} if there is no such position;
     *     {@link Outcome#OUT_OF_LIMITS} if an enabled clock that runs from it could not be kept within its limits
     */
    public Outcome setParent(Clock clock, int position) {
        if (position < 0 || position >= clock.parents().size()) {
            return Outcome.NOT_A_PARENT;
        }
        search.begin();
        if (search.positionNow(clock) == position) {
            return Outcome.OK;
        }
        Clock parent = clock.parents().get(position);
        if (!clock.standsParentRate(search.rateNow(parent))) {
            return Outcome.OUT_OF_LIMITS;
        }
        clock.passNow(trial.set(search.rateNow(parent)));
        search.narrowToConsumers(clock, null, low.set(0, 1), high.setUnbounded());
        if (trial.isBelow(low) || !trial.isBelow(high)) {
            return Outcome.OUT_OF_LIMITS;
        }
        noteBefore(clock);
        Clock old = holdParent(clock, parent);
        plan.makeSwitch(clock, position);
        plan.apply();
        letGoOfParent(old);
        notifyChanges();
        return Outcome.OK;
    }

    /**
     * Runs a clock from another of its parents, the first in its list that is this clock.
     *
     * @return as {@link #setParent(Clock, int)}
     */
    public Outcome setParent(Clock clock, Clock parent) {
        search.begin();
        if (search.parentNow(clock) == parent) {
            return Outcome.OK; // whichever of several positions it is
        }
        return setParent(clock, clock.parents().indexOf(parent));
    }

    /**
     * Describes the rates that can be asked of a clock now: those that {@link #setRate} finds with the present rates of
     * its parents (with {@code set-parent-rate}: with what the parents can be set to) and the limits of the clocks that
     * run from them. {@code describe: auto} gives a list of up to 16 rates, else a range; a list that would have more
     * than 65535 rates, which SCMI cannot count, is a range. A clock that can be given no rate, but has one within its
     * limits, has a list of this one; else the list is empty.
     *
     * @return the description, which is right until registers change; it is made anew only if what it follows from has
     *     changed
     */
    public RateDescription describe(Clock clock) {
        search.begin();
        RateDescription description = clock.state.description;
        if (description == null) {
            description = new RateDescription();
            clock.state.description = description;
        }
        long source = search.fingerprint(clock);
        if (!description.isMadeFrom(source)) {
            description.begin(source);
            enumerate(clock, description);
        }
        return description;
    }

    private void enumerate(Clock clock, RateDescription description) {
        long max = clock.limits().max();
        long min = clock.limits().min();
        long lowest = search.lowest(clock, min, max);
        if (lowest == RateSearch.NOTHING) {
            long now = search.rateNow(clock).floor();
            if (now >= min && now <= max) {
                description.add(now);
            }
            description.forgetSource();
            return;
        }
        int longest = clock.describe() == Describe.LIST ? LONGEST_LIST : LONGEST_AUTOMATIC_LIST;
        if (clock.describe() != Describe.RANGE) {
            long rate = lowest;
            while (rate != RateSearch.NOTHING && description.count() < longest) {
                description.add(rate);
                rate = rate == max ? RateSearch.NOTHING : search.lowest(clock, rate + 1, max);
            }
            if (rate == RateSearch.NOTHING) {
                return;
            }
        }
        description.makeRange(lowest, search.highest(clock, min, max));
    }

    /** Brings what the search has found into the hardware. */
    private void change() {
        if (plan.isEmpty()) {
            return;
        }
        affectedCount = 0;
        for (int level = 0; level < search.choices(); level++) {
            noteAffected(search.choice(level).clock());
        }
        for (int level = 0; level < search.choices(); level++) {
            Choice choice = search.choice(level);
            Clock clock = choice.clock();
            boolean switches = choice.position != search.positionNow(clock);
            oldParents[level] = switches ? holdParent(clock, clock.parents().get(choice.position)) : null;
        }
        plan.apply();
        for (int level = 0; level < search.choices(); level++) {
            letGoOfParent(oldParents[level]);
        }
        notifyChanges();
    }

    private void noteBefore(Clock clock) {
        affectedCount = 0;
        noteAffected(clock);
    }

    /** Notes the rates of a clock and of all that run from it. */
    private void noteAffected(Clock first) {
        if (listener == null || first.state.affectedStamp == search.stamp()) {
            return;
        }
        int from = affectedCount;
        addAffected(first);
        for (int i = from; i < affectedCount; i++) {
            List<Clock> children = affected[i].children();
            for (int c = 0; c < children.size(); c++) {
                Clock child = children.get(c);
                if (child.state.affectedStamp != search.stamp() && search.parentNow(child) == affected[i]) {
                    addAffected(child);
                }
            }
        }
    }

    private void addAffected(Clock clock) {
        clock.state.affectedStamp = search.stamp();
        clock.state.rateBefore = search.rateNow(clock).floor();
        affected[affectedCount++] = clock;
    }

    private void notifyChanges() {
        RateListener told = listener;
        if (told == null) {
            return;
        }
        for (int i = 0; i < affectedCount; i++) {
            Clock clock = affected[i];
            long rate = clock.rate();
            if (rate != clock.state.rateBefore) {
                told.rateChanged(clock, rate);
            }
        }
    }

    // ---- Users and gates.

    /**
     * Adds a user of a clock. With the first one the gates open of all clocks that it runs from, from the root down, and
     * then its own; those that are open are not written.
     */
    public void acquire(Clock clock) {
        search.begin();
        opened.add(clock.index());
        use(clock);
        clock.state.users++;
    }

    /**
     * Takes a user of a clock away. After the last one its gate is closed, unless clocks in use run from it, and then
     * its ancestors are let go of in the same way, from it up to the root. An ancestor whose gate was open before
     * anybody used it, since the boot loader left it so, is not closed with them ({@link OpenedGates}): others may
     * depend on it that nobody told us of. To close it, release it by itself.
     *
     * <p>Releasing a clock that has no user closes its gate, if it is open and no clock in use runs from it; one that
     * clocks in use run from goes off with the last of them.
     */
    public void release(Clock clock) {
        TreeState state = clock.state;
        opened.add(clock.index());
        if (state.users > 0) {
            state.users--;
        }
        if (!state.inUse()) {
            unuse(clock);
        }
        tellReleased();
    }

    private void tellReleased() {
        if (releaseListener != null) {
            releaseListener.run();
        }
    }

    /** Makes sure that a clock which is about to be counted as used runs, and that its ancestors count it. */
    private void use(Clock first) {
        int length = 0;
        Clock parent = first;
        for (; parent != null && !parent.state.inUse(); parent = parent.parent()) {
            chain[length++] = parent;
        }
        for (int i = length - 1; i >= 0; i--) {
            Clock clock = chain[i];
            if (!clock.isGateOpen()) {
                opened.add(clock.index());
                clock.setGate(true);
            }
        }
        // Counted last: if a register fails, nobody uses anything that does not run.
        for (int i = length - 1; i >= 0; i--) {
            hold(chain[i], parent);
            parent = chain[i];
        }
    }

    /**
     * Stops a clock that is not used any more, and lets go of its ancestors. One that nobody uses, but whose gate is
     * noted as opened, is what a process left that was killed while it let go of them.
     */
    private void unuse(Clock first) {
        for (Clock clock = first; clock != null && !clock.state.inUse(); ) {
            if (opened.contains(clock.index())) {
                clock.setGate(false);
                opened.remove(clock.index());
            }
            Clock held = clock.state.held;
            hold(clock, null);
            clock = held == null ? clock.parent() : held;
        }
    }

    /** Counts a clock at the parent that it runs from, and no more at the one before. */
    private static void hold(Clock clock, @Nullable Clock parent) {
        Clock old = clock.state.held;
        if (old != null) {
            old.state.usedByClocks--;
        }
        clock.state.held = parent;
        if (parent != null) {
            parent.state.usedByClocks++;
        }
    }

    /**
     * Before a clock in use changes its parent: starts the new one.
     *
     * @return the old one, to be let go of after the change; null if there is nothing to let go of
     */
    private @Nullable Clock holdParent(Clock clock, Clock parent) {
        Clock old = clock.state.held;
        if (!clock.state.inUse() || old == parent) {
            return null;
        }
        use(parent);
        hold(clock, parent);
        return old;
    }

    private void letGoOfParent(@Nullable Clock old) {
        if (old == null) {
            return;
        }
        if (!old.state.inUse()) {
            unuse(old);
        }
        tellReleased();
    }
}
