// Who uses which clocks, and which gates are open for it.
package org.scmid.platform.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.loop.Work;

/**
 * Counts the users of clocks. A clock in use is counted at the parent that it runs from, so that is in use too, up to
 * the root. What nobody uses any more is stopped, if its gate was opened for somebody ({@link OpenedGates}).
 *
 * <p>Users are counted before the gates are opened, so nobody can close one meanwhile. What is part of a {@link Change}
 * is stopped when that has ended.
 */
final class ClockUse {
    private static final System.Logger LOG = System.getLogger(ClockUse.class.getName());

    private final OpenedGates opened;
    private final Clock[] chain;
    private final Clock[] later;
    private int laterFirst;
    private int laterCount;

    ClockUse(OpenedGates opened, int clocks) {
        this.opened = opened;
        chain = new Clock[clocks];
        later = new Clock[clocks];
    }

    /** Whether a clock, or one that it runs from, is part of a change that is under way. */
    boolean meetsChange(Clock first) {
        for (Clock clock = first; clock != null; clock = clock.parent()) {
            if (clock.state.change() != null) {
                return true;
            }
        }
        return false;
    }

    /**
     * Counts the ancestors of a clock that is about to be used, and adds to what a change starts it and all of them that
     * are not in use; and those that are in use and stand, as hardware or a change that failed has left them. The clock
     * itself is counted by the caller.
     */
    void start(Clock first, Change change) {
        int from = change.starts();
        Clock parent = first;
        for (; parent != null && !parent.state.inUse(); parent = parent.parent()) {
            change.addStart(parent);
        }
        int counted = change.starts();
        for (Clock above = parent; above != null; above = above.parent()) {
            change.passes(above);
            if (!above.isGateOpen()) {
                change.addStart(above);
            }
        }
        // No register is read from here on, so nothing can fail half way.
        for (int i = counted - 1; i >= from; i--) {
            Clock clock = change.start(i);
            hold(clock, parent);
            parent = clock;
        }
        change.rootFirst(from);
        for (int i = from; i < change.starts(); i++) {
            change.mark(change.start(i));
        }
    }

    /** Counts a user of a clock that runs, as its ancestors do; no register is written. */
    void adopt(Clock first) {
        int length = 0;
        Clock parent = first;
        for (; parent != null && !parent.state.inUse(); parent = parent.parent()) {
            chain[length++] = parent;
        }
        for (int i = length - 1; i >= 0; i--) {
            hold(chain[i], parent);
            parent = chain[i];
        }
        first.state.users++;
    }

    /**
     * Stops a clock that is not used any more, and lets go of its ancestors. One that nobody uses, but whose gate is
     * noted as opened, is what a process left that was killed while it let go of them.
     */
    void stop(Clock first) {
        for (Clock clock = first; clock != null && !clock.state.inUse(); ) {
            if (clock.state.change() != null) {
                stopLater(clock);
                return;
            }
            if (opened.contains(clock.index())) {
                clock.close();
                opened.remove(clock.index());
            }
            Clock held = clock.state.held;
            hold(clock, null);
            clock = held == null ? clock.parent() : held;
        }
    }

    private void stopLater(Clock clock) {
        if (!clock.state.stopsLater) {
            clock.state.stopsLater = true;
            later[(laterFirst + laterCount++) % later.length] = clock;
        }
    }

    /**
     * Stops what was not to be stopped during a change that has ended now.
     *
     * @param work counts what it does
     * @param end the work after which it stops
     * @return whether it has looked at all
     */
    boolean stopLeftOver(Work work, long end) {
        for (int left = laterCount; left > 0; left--) {
            if (work.done() >= end) {
                return false;
            }
            work.add(1);
            Clock clock = later[laterFirst];
            laterFirst = (laterFirst + 1) % later.length;
            laterCount--;
            clock.state.stopsLater = false;
            if (clock.state.change() != null) {
                stopLater(clock);
            } else if (!clock.state.inUse()) {
                stopSafely(clock);
            }
        }
        return true;
    }

    /** As {@link #stop}, where nobody is there to whom a register that cannot be reached could be reported. */
    void stopSafely(Clock clock) {
        try {
            stop(clock);
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, "clock " + clock + " cannot be stopped", failure);
        }
    }

    /** Counts a clock at the parent that it runs from, and no more at the one before. */
    static void hold(Clock clock, @Nullable Clock parent) {
        Clock old = clock.state.held;
        if (old != null) {
            old.state.usedByClocks--;
        }
        clock.state.held = parent;
        if (parent != null) {
            parent.state.usedByClocks++;
        }
    }
}
