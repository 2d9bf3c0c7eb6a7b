// One change of the tree, from its first register to its last, however long hardware takes.
package org.scmid.platform.clock;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.Waiter;

/**
 * One change of the tree: clocks that are started, from the root down, then the stores of a {@link RatePlan}, or these first
 * if nothing that runs depends on them. It stops
 * where hardware has to say that it is ready, and goes on by a timer.
 *
 * <p>While it is under way, clocks that take part in it, or whose rate it changes, are marked with it; nobody else may
 * change those.
 */
final class Change {
    /** Instead of the rate before, for a clock that takes part and keeps its rate. */
    static final long SAME_RATE = -1;

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
    private int startingCount;
    private int started;
    private int switches;
    private @Nullable Ready awaited;
    private long awaitedValue;
    private long deadline;
    private boolean isFailed;
    private boolean setsFirst;

    /** Whose users it adds to; null if it is about rates or parents. */
    @Nullable
    Clock user;

    /** Who is told of the end. */
    Waiter waiter = Waiter.NOBODY;

    /** Whether it waits for hardware, or could. */
    boolean isTaken;

    Change(Scheduler scheduler, Changes owner) {
        plan = new RatePlan();
        this.owner = owner;
        this.scheduler = scheduler;
        timer = scheduler.timer(() -> owner.goOn(this));
    }

    /** Forgets the last one. */
    void begin() {
        markedCount = 0;
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

    /** Notes that a clock takes part, with its rate before in whole Hz, or {@link #SAME_RATE}; one that is part of another change stays that one's. */
    void mark(Clock clock, long rateBefore) {
        if (clock.state.change == null) {
            clock.state.change = this;
            clock.state.rateBefore = rateBefore;
            if (markedCount == marked.length) {
                marked = Arrays.copyOf(marked, 2 * markedCount);
            }
            marked[markedCount++] = clock;
            owner.claimed(clock);
        }
    }

    int marked() {
        return markedCount;
    }

    Clock marked(int position) {
        return marked[position];
    }

    void unmark() {
        for (int i = 0; i < markedCount; i++) {
            marked[i].state.change = null;
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

    /** Whether hardware did not say in time that it is ready, or has said that it will not be. */
    boolean isFailed() {
        return isFailed;
    }

    /** What is wrong, for the log. */
    String problem() {
        Ready ready = awaited;
        return ready == null ? "nothing was waited for" : ready.problem(awaitedValue);
    }

    void stop() {
        timer.disarm();
        isTaken = false;
    }
}
