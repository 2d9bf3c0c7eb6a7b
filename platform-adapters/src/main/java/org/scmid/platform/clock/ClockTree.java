// All clocks of a board: what can be asked of them and done to them.
package org.scmid.platform.clock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.loop.Scheduler;
import org.scmid.loop.Work;
import org.scmid.platform.clock.RateQuery.Kind;
import org.scmid.platform.clock.RateSearch.Choice;
import org.scmid.platform.driver.ClockAuthority;
import org.scmid.platform.driver.ClockDriver;
import org.scmid.platform.driver.ClockListener;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.register.Windows;

/**
 * The clocks of a board. Registers are the truth: each operation reads those of the clocks concerned (the chain up to
 * the root, and the clocks that run from what changes), and building the tree reads and writes none.
 *
 * <p>The tree belongs to one thread. In the steady state its operations allocate nothing.
 */
public final class ClockTree {
    private final List<Clock> clocks;
    private final List<ClockDriver> drivers = new ArrayList<>();
    private boolean @Nullable [] stoppable; // by index
    private final OpenedGates opened;
    private final Map<String, Clock> byName = new HashMap<>();
    private final ClockUse use;
    private final Changes changes;
    private final RateQueries queries;
    private ClockAuthority authority = ClockAuthority.ANYTHING;
    private final Work work;

    /**
     * Builds the tree of a board whose hardware makes nobody wait, or that is only looked at.
     *
     * @param board a checked board
     * @param windows its registers
     */
    public ClockTree(Board board, Windows windows) {
        this(board, windows, OpenedGates.inMemory(), Scheduler.NEVER);
    }

    /**
     * Builds the tree of a board whose gates were partly opened by a tree before this one.
     *
     * @param board a checked board
     * @param windows its registers
     * @param opened which gates that tree answered for; kept up to date by this one
     * @param scheduler gives time to hardware
     */
    public ClockTree(Board board, Windows windows, OpenedGates opened, Scheduler scheduler) {
        this.opened = opened;
        work = scheduler.work();
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
        made.forEach(clock -> drivers.add(new TreeClock(this, clock)));
        RateSearch.countChangeableAncestors(clocks);
        use = new ClockUse(opened, clocks.size());
        changes = new Changes(clocks, use, opened, scheduler);
        queries = new RateQueries(clocks, new RateBounds(clocks), changes, scheduler);
        mind();
        changes.setQueries(queries);
    }

    /** Every clock, in the board file's order. */
    public List<Clock> clocks() {
        return clocks;
    }

    /** What the Clock protocol uses, in the board file's order. */
    public List<ClockDriver> drivers() {
        return Collections.unmodifiableList(drivers);
    }

    /** Has the Clock protocol use another driver, for a clock that is not the tree's alone; before anything is asked. */
    void setDriver(Clock clock, ClockDriver driver) {
        drivers.set(clock.index(), driver);
    }

    /**
     * Whether a gate can stop a clock, its own or one above it, by whichever of its parents: one that has none runs as long as
     * the board does. Always the same.
     */
    boolean isStoppable(Clock clock) {
        boolean[] its = stoppable;
        if (its == null) {
            its = findStoppable();
            stoppable = its;
        }
        return its[clock.index()];
    }

    /** Not before it is asked for, as the roots that are clocks of the host become known after the tree was made. */
    private boolean[] findStoppable() {
        boolean[] found = new boolean[clocks.size()];
        Deque<Clock> gated = new ArrayDeque<>();
        for (Clock clock : clocks) {
            if (clock.hasGate()) {
                gated.add(clock);
            }
        }
        for (Clock clock = gated.poll(); clock != null; clock = gated.poll()) {
            if (!found[clock.index()]) {
                found[clock.index()] = true;
                gated.addAll(clock.children());
            }
        }
        return found;
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

    /** Says who is told of changed rates as those of drivers, before the {@linkplain #setListener other}; null for nobody. */
    public void tell(@Nullable ClockListener listener) {
        changes.tell(listener);
    }

    /** Says what a request for one clock may do to others; {@link ClockAuthority#ANYTHING} unless it is said. */
    public void govern(ClockAuthority itsAuthority) {
        authority = itsAuthority;
        queries.govern(itsAuthority);
        mind();
    }

    /** Marks what is to be looked at when the rate above it changes. */
    private void mind() {
        Deque<Clock> minded = new ArrayDeque<>();
        for (Clock clock : clocks) {
            clock.state.isMinded = false;
            if (clock.isLimited() || clock.hasPll() || authority.keepsRate(clock.index(), Waiter.NOBODY)) {
                minded.add(clock);
            }
        }
        for (Clock clock = minded.poll(); clock != null; clock = minded.poll()) {
            if (!clock.state.isMinded) {
                clock.state.isMinded = true;
                minded.addAll(clock.parents());
            }
        }
        for (Clock clock : clocks) {
            clock.state.minded = clock.children().stream()
                    .filter(child -> child.state.isMinded)
                    .toArray(Clock[]::new);
        }
    }

    /** Whether a clock may be set by the levels of its performance domain, on somebody's behalf. */
    public boolean mayFollowLevels(Clock clock, Waiter cause) {
        return authority.mayFollowLevels(clock.index(), cause);
    }

    /** Says who is told of changed rates; null for nobody. */
    public void setListener(@Nullable RateListener listener) {
        changes.setListener(listener);
    }

    /** Says who is told, whenever it happens, that somebody has let go of a clock; null for nobody. */
    public void setReleaseListener(@Nullable Runnable listener) {
        changes.setReleaseListener(listener);
    }

    /** Who asked for the change that is just ending, or told of, after it had to wait; null if none is. */
    public @Nullable Waiter ending() {
        return changes.ending();
    }

    // ---- Rates.

    /** As {@link #setRate(Clock, long, Rounding, Waiter)}, for nobody who waits. */
    public Outcome setRate(Clock clock, long hz, Rounding rounding) {
        return setRate(clock, hz, rounding, Waiter.NOBODY);
    }

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
     * @param waiter is told of the end if it is not done at once
     * @return {@link Outcome#OK}; {@link Outcome#STARTED}; {@link Outcome#BUSY}; {@link Outcome#OUT_OF_LIMITS} if the request is above the clock's highest allowed
     *     rate, or with {@link Rounding#DOWN} below its lowest; {@link Outcome#UNSUPPORTED_RATE} if no possible rate
     *     fits; {@link Outcome#REFUSED} if perhaps one would, had nobody else a say in other clocks
     */
    public Outcome setRate(Clock clock, long hz, Rounding rounding, Waiter waiter) {
        ForeignRoot root = clock.foreign();
        if (root != null) {
            return setRateOfForeign(clock, root, hz, rounding, waiter);
        }
        RateQuery query = queries.ask(Kind.RATE, clock, hz, rounding, waiter);
        if (query == null) {
            return Outcome.BUSY;
        }
        RateSearch search = query.search;
        if (search.meetsChange() || changes.isOthersTurn(clock, waiter)) {
            return changes.busy(clock, waiter);
        }
        Outcome outcome = query.outcome();
        boolean isChange = outcome == Outcome.OK && !query.isNothingToDo() && findsAnotherRate(search, clock);
        return isChange ? change(search, clock, waiter) : outcome;
    }

    /**
     * As {@link #setRate(Clock, long, Rounding, Waiter)}, for who had to wait for something else before: {@link #ending}
     * says who that is to those who are told of what is done at once, as it does of what ends later.
     */
    public Outcome setRateLate(Clock clock, long hz, Rounding rounding, Waiter waiter) {
        Waiter before = changes.actLateFor(waiter);
        try {
            return setRate(clock, hz, rounding, waiter);
        } finally {
            changes.actLateFor(before);
        }
    }

    /**
     * What {@link #setRate} would answer, without doing it.
     *
     * @param clock the clock
     * @param hz the wanted rate in Hz
     * @param rounding what to take if it cannot be made exactly
     * @param waiter may ask again if it is {@link Outcome#BUSY}
     */
    public Outcome checkRate(Clock clock, long hz, Rounding rounding, Waiter waiter) {
        Kind kind = clock.foreign() == null ? Kind.RATE : Kind.FOREIGN_RATE;
        RateQuery query = queries.ask(kind, clock, hz, rounding, waiter);
        if (query == null) {
            return Outcome.BUSY;
        }
        return query.search.meetsChange() ? changes.busy(clock, waiter) : query.outcome();
    }

    private Outcome setRateOfForeign(Clock clock, ForeignRoot root, long hz, Rounding rounding, Waiter waiter) {
        RateQuery query = queries.ask(Kind.FOREIGN_RATE, clock, hz, rounding, waiter);
        if (query == null) {
            return Outcome.BUSY;
        }
        if (query.search.meetsChange() || changes.isOthersTurn(clock, waiter)) {
            return changes.busy(clock, waiter);
        }
        if (query.outcome() != Outcome.OK || query.isNothingToDo()) {
            return query.outcome();
        }
        Change change = isChangedBelow(clock) ? null : changes.take();
        if (change == null) {
            return changes.busy(clock, waiter);
        }
        try {
            Changes.mark(clock, change, query.search);
            change.plan.makeWait(root.rate());
        } catch (RuntimeException | InternalError failure) {
            changes.giveUp(change);
            throw failure;
        }
        root.setRate(root.wanted(hz, rounding), rounding);
        return changes.run(change, waiter);
    }

    /** Other settings that make the same rate in whole Hz are no reason to write registers. */
    private static boolean findsAnotherRate(RateSearch search, Clock clock) {
        return search.choice(0).rate.floor() != search.rateNow(clock).floor();
    }

    /**
     * A root that is somebody else's clock was seen with this rate. The listener is told of each clock whose rate is
     * another now; limits hold nothing up, since it has happened.
     *
     * @param hz from 0
     */
    void rootHasRate(Clock root, long hz) {
        boolean isNew = hz != root.rootHz() || root.state.isSeen;
        if (isNew && root.state.change() == null) { // else it is seen again
            changes.rootHasRate(root, hz);
        }
    }

    /** As {@link #setParent(Clock, int, Waiter)}, for nobody who waits. */
    public Outcome setParent(Clock clock, int position) {
        return setParent(clock, position, Waiter.NOBODY);
    }

    /**
     * Runs a clock from another of its parents, with its own divider as it is; if limits do not allow that, with the
     * setting of the divider that is nearest. While it is enabled it may not get out of
     * its limits by that; nor may an enabled clock that runs from it, and no phase-locked loop that is on, its own included, out of the ranges that it
     * stands.
     *
     * @param clock the clock
     * @param position which of its {@link Clock#parents}
     * @param waiter is told of the end if it is not done at once
     * @return {@link Outcome#OK}; {@link Outcome#STARTED}; {@link Outcome#BUSY}; {@link Outcome#NOT_A_PARENT} if there
     *     is no such position; {@link Outcome#OUT_OF_LIMITS} if an enabled clock, this one or one that runs from it, could
     *     not be kept within its limits; {@link Outcome#REFUSED} if one that runs from it has to keep its rate
     */
    public Outcome setParent(Clock clock, int position, Waiter waiter) {
        if (position < 0 || position >= clock.parents().size()) {
            return Outcome.NOT_A_PARENT;
        }
        RateQuery query = queries.ask(Kind.PARENT, clock, position, Rounding.DOWN, waiter);
        if (query == null) {
            return Outcome.BUSY;
        }
        if (query.search.meetsChange()
                || use.meetsChange(clock.parents().get(position))
                || changes.isOthersTurn(clock, waiter)) {
            return changes.busy(clock, waiter);
        }
        boolean isChange = query.outcome() == Outcome.OK && !query.isNothingToDo();
        if (isChange && query.setsToo()) {
            return change(query.search, clock, waiter);
        }
        return isChange ? changeParent(query.search, clock, position, waiter) : query.outcome();
    }

    /**
     * Runs a clock from another of its parents, the first in its list that is this clock.
     *
     * @return as {@link #setParent(Clock, int, Waiter)}
     */
    public Outcome setParent(Clock clock, Clock parent, Waiter waiter) {
        int position = clock.parentPosition(); // whichever of several positions it is
        boolean isThere = position != Clock.NONE && clock.parents().get(position) == parent;
        return setParent(clock, isThere ? position : clock.parents().indexOf(parent), waiter);
    }

    private Outcome changeParent(RateSearch search, Clock clock, int position, Waiter waiter) {
        Change change = isChangedBelow(clock) ? null : changes.take();
        if (change == null) {
            return changes.busy(clock, waiter);
        }
        try {
            change.plan.makeSwitch(search, clock, position);
            Changes.mark(clock, change, search);
            Changes.markParent(clock.parents().get(position), change, search);
            changes.switchParent(clock, clock.parents().get(position), change);
        } catch (RuntimeException | InternalError failure) {
            changes.giveUp(change);
            throw failure;
        }
        return changes.run(change, waiter);
    }

    /** As {@link #describe(Clock, Waiter)}, for nobody who waits: it is found out at once. */
    public RateDescription describe(Clock clock) {
        describe(clock, Waiter.NOBODY);
        return described(clock);
    }

    /**
     * Finds out the rates that can be asked of a clock now: those that {@link #setRate} finds with the present rates of
     * its parents (with {@code set-parent-rate}: with what the parents can be set to) and the limits of the clocks that
     * run from them. {@code describe: auto} gives a list of up to 16 rates, else a range; a list that would have more
     * than 65535 rates, which SCMI cannot count, or that takes too long to find out, is a range. A clock that can be given
     * no rate has a list of the one that it has, whatever its limits are: Linux stands no clock without any.
     *
     * @param waiter may ask again if it is {@link Outcome#BUSY}
     * @return {@link Outcome#OK} if it is {@link #described}, which is right until registers change; it is made anew only
     *     if what it follows from has changed. {@link Outcome#BUSY}
     */
    public Outcome describe(Clock clock, Waiter waiter) {
        RateQuery query = queries.ask(Kind.DESCRIPTION, clock, 0, Rounding.DOWN, waiter);
        if (query == null) {
            return Outcome.BUSY;
        }
        return query.search.meetsChange() ? changes.busy(clock, waiter) : Outcome.OK;
    }

    /** What {@link #describe} has found. */
    RateDescription described(Clock clock) {
        return clock.state.description;
    }

    /** Units of work that searches have done since the tree was made: settings, or clocks, that were looked at. */
    public long work() {
        return work.done();
    }

    /** Brings what the search has found into the hardware. */
    private Outcome change(RateSearch search, Clock clock, Waiter waiter) {
        Change change = meetsChange(search) ? null : changes.take();
        if (change == null) {
            return changes.busy(clock, waiter);
        }
        try {
            change.plan.make(search);
            for (int level = 0; level < search.choices(); level++) {
                Changes.mark(search.choice(level).clock(), change, search);
            }
            for (int level = 0; level < search.choices(); level++) {
                Choice choice = search.choice(level);
                if (switches(search, choice)) {
                    Changes.markParent(parentOf(choice), change, search);
                    changes.switchParent(choice.clock(), parentOf(choice), change);
                }
            }
        } catch (RuntimeException | InternalError failure) {
            changes.giveUp(change);
            throw failure;
        }
        return changes.run(change, waiter);
    }

    /**
     * Whether what runs from a clock that is to change, a parent that was chosen, or what would be started with it, takes part
     * in a change that is under way.
     */
    private boolean meetsChange(RateSearch search) {
        for (int level = 0; level < search.choices(); level++) {
            Choice choice = search.choice(level);
            if (isChangedBelow(choice.clock())) {
                return true;
            }
            if (switches(search, choice) && use.meetsChange(parentOf(choice))) {
                return true;
            }
        }
        return false;
    }

    /** Whether something that runs from a running clock takes part in a change that is under way. */
    private static boolean isChangedBelow(Clock clock) {
        return clock.state.changesBelow > 0 && clock.enabled();
    }

    private static boolean switches(RateSearch search, Choice choice) {
        return choice.position != search.positionNow(choice.clock());
    }

    private static Clock parentOf(Choice choice) {
        return choice.clock().parents().get(choice.position);
    }

    /**
     * Begins no change any more: what is asked is {@link Outcome#BUSY} from now on, so that the service can end without
     * leaving a loop switched off that it was about to change.
     *
     * @param then is called when those that are under way have ended, perhaps at once
     */
    public void finish(Runnable then) {
        changes.finish(then);
    }

    // ---- Users and gates.

    /** As {@link #acquire(Clock, Waiter)}, for nobody who waits. */
    public Outcome acquire(Clock clock) {
        return acquire(clock, Waiter.NOBODY);
    }

    /**
     * Adds a user of a clock. With the first one the gates open of all clocks that it runs from, from the root down, and
     * then its own; those that are open are not written. One that has to say that it is ready has to do so before the
     * next.
     *
     * <p>Nothing begins to run out of its limits. A clock that would is set to the rate within them that is nearest, before
     * it is switched on, if its own divider or phase-locked loop can do that; else it stays off. Clocks that are switched
     * on with it have to be within theirs.
     *
     * @param waiter is told of the end if it is not done at once
     * @return {@link Outcome#OK}; {@link Outcome#STARTED}, and the user is counted already, but not any more if it fails;
     *     {@link Outcome#BUSY}; {@link Outcome#OUT_OF_LIMITS}
     */
    public Outcome acquire(Clock clock, Waiter waiter) {
        return start(clock, clock, waiter);
    }

    /**
     * Makes sure that a clock runs that is in use: something may have stopped it, or one that it runs from. No user is
     * added.
     *
     * @param waiter is told of the end if it is not done at once
     * @return {@link Outcome#OK}; {@link Outcome#STARTED}; {@link Outcome#BUSY}
     */
    public Outcome keepRunning(Clock clock, Waiter waiter) {
        return start(clock, null, waiter);
    }

    /** Opens what is closed of a clock and those that it runs from. */
    private Outcome start(Clock clock, @Nullable Clock user, Waiter waiter) {
        if (use.meetsChange(clock) || changes.isOthersTurn(clock, waiter)) {
            return changes.busy(clock, waiter);
        }
        RateQuery query = null;
        if (!clock.enabled()) {
            query = queries.ask(Kind.START, clock, 0, Rounding.DOWN, waiter);
            if (query == null) {
                return Outcome.BUSY;
            }
            if (query.search.meetsChange()) {
                return changes.busy(clock, waiter);
            }
            if (query.outcome() != Outcome.OK) {
                return query.outcome();
            }
        }
        Change change = changes.take();
        if (change == null) {
            return changes.busy(clock, waiter);
        }
        try {
            if (query != null && query.setsToo()) {
                change.setFirst(query.search);
                Changes.mark(clock, change, query.search);
            }
            use.start(clock, change);
            change.user = user;
            if (user != null) {
                opened.add(clock.index());
                clock.state.users++;
            }
        } catch (RuntimeException | InternalError failure) {
            changes.giveUp(change);
            throw failure;
        }
        return changes.run(change, waiter);
    }

    /** Adds a user of a clock that runs, as all that it runs from do: no register is written, and none is waited for. */
    public void adopt(Clock clock) {
        opened.add(clock.index());
        use.adopt(clock);
    }

    /**
     * Takes a user of a clock away. After the last one its gate is closed, unless clocks in use run from it, and then
     * its ancestors are let go of in the same way, from it up to the root. An ancestor whose gate was open before
     * anybody used it, since the boot loader left it so, is not closed with them ({@link OpenedGates}): others may
     * depend on it that nobody told us of. To close it, release it by itself. What takes part in a change that is under
     * way is closed when that has ended.
     *
     * <p>Releasing a clock that has no user closes its gate, if it is open and no clock in use runs from it; one that
     * clocks in use run from goes off with the last of them.
     */
    public void release(Clock clock) {
        release(clock, Waiter.NOBODY);
    }

    /**
     * As {@link #release(Clock)}, also while the clock is still being started for the same {@link Waiter#cause}.
     */
    public void release(Clock clock, Waiter waiter) {
        changes.withdraw(clock, waiter.cause());
        TreeState state = clock.state;
        opened.add(clock.index());
        if (state.users > 0) {
            state.users--;
        }
        if (!state.inUse()) {
            use.stop(clock);
        }
        changes.tellReleased();
    }
}
