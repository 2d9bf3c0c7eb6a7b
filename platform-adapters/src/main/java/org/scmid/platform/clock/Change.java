// One change of the tree, from its first register to its last, however long hardware takes.
package org.scmid.platform.clock;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;

/**
 * One change of the tree: clocks that are started, from the root down, then the stores of a {@link RatePlan}, or these first
 * if nothing that runs depends on them. It stops
 * where hardware has to say that it is ready, and goes on by a timer.
 *
 * <p>While it is under way, clocks that take part in it are marked with it. Nobody else may change those, nor what runs from
 * one whose rate moves, nor a rate above any of them. At last those who listen are told of all rates that it has changed: it
 * goes through all that run from what has moved, clock by clock, in as many turns of the loop as that takes.
 */
final class Change {
    /** Room for so many clocks to begin with; it grows, and is used again. */
    private static final int FEW = 16;

    private static final int MOST_SWITCHES = RateSearch.MOST_ANCESTORS + 1;

    final RatePlan plan;
    private final Changes owner;
    private final Scheduler scheduler;
    private final Scheduler.Timer timer;
    private Clock[] marked = new Clock[FEW];
    private Clock[] starting = new Clock[FEW];
    private final Clock[] switched = new Clock[MOST_SWITCHES];
    private final Clock[] oldParents = new Clock[MOST_SWITCHES];
    private int markedCount;
    private Clock[] above = new Clock[FEW];
    private int aboveCount;
    private long number;
    private int startingCount;
    private int started;
    private int switches;
    private @Nullable Ready awaited;
    private long awaitedValue;
    private long deadline;
    private boolean isFailed;
    private boolean setsFirst;

    // How far those who listen were told.
    private boolean isTelling;
    private boolean isOk;
    private int nextMarked;
    private int nextChild;
    private @Nullable Clock told;
    private @Nullable Clock last;

    /** Whose users it adds to; null if it is about rates or parents. */
    @Nullable
    Clock user;

    /** Who is told of the end. */
    Waiter waiter = Waiter.NOBODY;

    /** Whether it waits for hardware, or could. */
    boolean isTaken;

    /** Its place among all changes, while it is taken. */
    int place;

    Change(Scheduler scheduler, Changes owner) {
        plan = new RatePlan();
        this.owner = owner;
        this.scheduler = scheduler;
        timer = scheduler.timer(() -> owner.goOn(this));
    }

    /** Forgets the last one. */
    void begin() {
        number = owner.nextNumber();
        markedCount = 0;
        aboveCount = 0;
        isTelling = false;
        startingCount = 0;
        started = 0;
        switches = 0;
        awaited = null;
        isFailed = false;
        setsFirst = false;
        user = null;
        waiter = Waiter.NOBODY;
        isTaken = true;
        plan.makeNothing();
    }

    // ---- What it is made of.

    /** No other change has the same, and this one has another each time. */
    long number() {
        return number;
    }

    /** Whether it has not ended since it had a number. */
    boolean isUnderWay(long itsNumber) {
        return isTaken && number == itsNumber;
    }

    /** Keeps a clock as it is; one that is part of another change stays that one's. */
    void keep(Clock clock) {
        if (clock.state.change() == null) {
            clock.state.takePart(this);
            clock.state.moves = false;
            owner.claimed(clock);
        }
    }

    /** Notes that a clock takes part and keeps its rate. */
    void mark(Clock clock) {
        if (clock.state.change() == null) {
            keep(clock);
            if (markedCount == marked.length) {
                marked = Arrays.copyOf(marked, 2 * markedCount);
            }
            marked[markedCount++] = clock;
        }
    }

    /** Notes that a clock takes part and that its rate moves, and so those of all that run from it. */
    void markMoving(Clock clock, Ratio rateBefore) {
        mark(clock);
        if (clock.state.change() == this) {
            clock.state.moves = true;
            clock.state.before.set(rateBefore);
        }
    }

    /** Notes that a part of it runs from a clock. */
    void passes(Clock clock) {
        if (clock.state.countedFor != number) {
            clock.state.countedFor = number;
            clock.state.changesBelow++;
            if (aboveCount == above.length) {
                above = Arrays.copyOf(above, 2 * aboveCount);
            }
            above[aboveCount++] = clock;
        }
    }

    /** What the search has found is set before any clock is started. */
    void setFirst(RateSearch search) {
        setsFirst = true;
        plan.make(search);
    }

    /** Adds a clock that is to be started; those added later are started earlier, as they are its ancestors. */
    void addStart(Clock clock) {
        if (startingCount == starting.length) {
            starting = Arrays.copyOf(starting, 2 * startingCount);
        }
        starting[startingCount++] = clock;
    }

    /** Where the clocks begin that are added from here on. */
    int starts() {
        return startingCount;
    }

    /** Turns what was added from a position on, a clock and then its ancestors, into the order of starting. */
    void rootFirst(int from) {
        for (int i = from, k = startingCount - 1; i < k; i++, k--) {
            Clock clock = starting[i];
            starting[i] = starting[k];
            starting[k] = clock;
        }
    }

    Clock start(int position) {
        return starting[position];
    }

    /** Adds a clock in use that gets another parent; the old one is let go of at the end. */
    void addSwitch(Clock clock, Clock oldParent) {
        switched[switches] = clock;
        oldParents[switches] = oldParent;
        switches++;
    }

    int switches() {
        return switches;
    }

    Clock switched(int position) {
        return switched[position];
    }

    Clock oldParent(int position) {
        return oldParents[position];
    }

    // ---- Those who listen.

    /**
     * Its hardware is done with; from here on it only tells.
     *
     * @param ok whether hardware has done all
     */
    void beginTelling(boolean ok) {
        isTelling = true;
        isOk = ok;
        nextMarked = 0;
        told = null;
        last = null;
    }

    boolean isTelling() {
        return isTelling;
    }

    /** Whether hardware has done all. */
    boolean isOk() {
        return isOk;
    }

    /**
     * The next clock whose rate has perhaps changed; its rates before and after are in its state. Reads registers of one
     * clock, or of a chain of them.
     *
     * @return null if this one's has not
     */
    @Nullable
    Clock nextMoved() {
        Clock parent = told;
        if (parent == null) {
            Clock root = marked[nextMarked++];
            if (!root.state.moves) {
                return null;
            }
            root.exactRate(root.state.after);
            append(root);
            return root;
        }
        Clock child = nextChild < parent.children().size() ? parent.children().get(nextChild++) : null;
        if (child == null) {
            told = parent.state.next;
            parent.state.next = null;
            nextChild = 0;
            return null;
        }
        if (child.state.change() != null || child.parent() != parent) {
            return null; // what else takes part is another root of this, or another change tells of it
        }
        pass(child, parent.state.before, child.state.before);
        pass(child, parent.state.after, child.state.after);
        if (child.state.before.isSame(child.state.after)) {
            return null;
        }
        append(child);
        return child;
    }

    /** Whether all were told. */
    boolean hasToldAll() {
        return told == null && nextMarked >= markedCount;
    }

    private static void pass(Clock clock, Ratio parentRate, Ratio into) {
        into.set(parentRate);
        if (!parentRate.isZero()) {
            clock.passNow(into);
        }
    }

    /** What runs from it is looked at behind what was found before. */
    private void append(Clock clock) {
        Clock before = last;
        if (clock.children().isEmpty()) {
            return;
        }
        clock.state.next = null;
        last = clock;
        if (told == null) {
            told = clock;
            nextChild = 0;
        } else if (before != null) {
            before.state.next = clock;
        }
    }

    // ---- How it goes on.

    /**
     * Does what can be done without waiting.
     *
     * @return whether it is done; if not, it waits, unless it {@link #isFailed}
     */
    boolean proceed(OpenedGates opened) {
        if (awaited != null && awaited.hasFailed()) {
            isFailed = true;
            return false;
        }
        return setsFirst ? set() && start(opened) : start(opened) && set();
    }

    private boolean start(OpenedGates opened) {
        for (; started < startingCount; started++) {
            Clock clock = starting[started];
            if (!clock.isGateOpen()) {
                opened.add(clock.index());
            }
            Ready ready = clock.open();
            if (ready != null) {
                await(ready, ready.valueFor(true));
                return false;
            }
        }
        return true;
    }

    private boolean set() {
        Ready ready = plan.apply();
        if (ready != null) {
            await(ready, plan.awaited());
            return false;
        }
        return true;
    }

    private void await(Ready ready, long value) {
        long now = scheduler.nanoTime();
        if (!ready.equals(awaited) || awaitedValue != value) {
            awaited = ready;
            awaitedValue = value;
            deadline = now + ready.timeoutNanos();
        }
        long left = deadline - now;
        isFailed = left <= 0;
        if (!isFailed) {
            timer.arm(Math.min(ready.intervalNanos(), left));
        }
    }

    /** Why what is waited for has failed; {@link Outcome#FAILED} for all that hardware can do wrong. */
    Outcome failure() {
        Ready ready = awaited;
        return ready != null && ready.hasFailed() ? ready.failure() : Outcome.FAILED;
    }

    /** Whether hardware did not say in time that it is ready, or has said that it will not be. */
    boolean isFailed() {
        return isFailed;
    }

    /** What is wrong, for the log. */
    String problem() {
        Ready ready = awaited;
        return ready == null ? "nothing was waited for" : ready.problem(awaitedValue);
    }

    /** Goes on in one of the next turns. */
    void goOnSoon() {
        timer.arm(0);
    }

    void stop() {
        timer.disarm();
        isTaken = false;
        for (int i = 0; i < aboveCount; i++) {
            above[i].state.changesBelow--;
        }
        aboveCount = 0;
    }
}
