// The changes of a tree that are under way, and who waits for them.
package org.scmid.platform.clock;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.loop.Scheduler;
import org.scmid.loop.Work;
import org.scmid.platform.driver.ClockListener;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.driver.Waiters;

/**
 * The changes of a tree that are under way. Most end before the call that began them returns; those that wait for
 * hardware go on by a timer, several beside each other as long as they have no clock in common. What was refused for
 * that is asked again when one has ended, in the order in which it was asked ({@link Turns}).
 *
 * <p>Belongs to the loop's thread. Allocates nothing once it is made.
 */
final class Changes {
    private static final System.Logger LOG = System.getLogger(Changes.class.getName());

    /** Units of work that asking again costs at least. */
    private static final int ONE_WHO_ASKS = 5;

    /** Agents may ask again and again for what fails: no more than one line in this time. */
    private static final long QUIET_NANOS = 1_000_000_000;

    /** Who asked has learned how it ends, and does not wait while it is told. */
    private static final Waiter GONE = new Waiter() {
        @Override
        public void mayAskAgain() {}

        @Override
        public void ended(Outcome outcome) {}

        @Override
        public Waiter cause() {
            return NOBODY;
        }
    };

    private final ClockUse use;
    private final OpenedGates opened;
    private final Change[] changes;
    private int taken; // those at the beginning
    private long lastNumber;
    private final Change outside;
    private final Work work;
    private final Scheduler.Timer stopTimer;
    private final Scheduler.Timer seenTimer;
    private @Nullable Clock firstSeen;
    private @Nullable Clock lastSeen;
    private final Turns turns;
    private final Ratio rate = new Ratio();
    private final Scheduler.Timer resume;
    private @Nullable RateQueries queries;
    private @Nullable RateListener listener;
    private @Nullable ClockListener driverListener;
    private @Nullable Runnable releaseListener;
    private @Nullable Waiter ending;
    private final Scheduler scheduler;
    private @Nullable Runnable whenIdle;
    private boolean hasLogged;
    private long loggedAt;

    Changes(List<Clock> clocks, ClockUse use, OpenedGates opened, Scheduler scheduler) {
        this.use = use;
        this.opened = opened;
        this.scheduler = scheduler;
        work = scheduler.work();
        stopTimer = scheduler.timer(this::stopMore);
        seenTimer = scheduler.timer(this::seeNext);
        // One for each clock that can make others wait, and one for what ends at once.
        int slow = (int) clocks.stream().filter(Clock::mayTakeTime).count();
        changes = new Change[slow + 1];
        for (int i = 0; i < changes.length; i++) {
            changes[i] = make();
        }
        outside = make();
        turns = new Turns(clocks);
        resume = scheduler.timer(this::resume);
    }

    /** A number that no change had before. */
    long nextNumber() {
        return ++lastNumber;
    }

    /** A change that is none of those to be {@link #take taken}. */
    Change make() {
        return new Change(scheduler, this);
    }

    /** Says who has looked at clocks, and is told when one takes part in a change. */
    void setQueries(RateQueries its) {
        queries = its;
    }

    void claimed(Clock clock) {
        RateQueries its = queries;
        if (its != null) {
            its.claimed(clock);
        }
    }

    /**
     * A root has another rate, which nobody asked for here; those who depend on a change under way are told with it. While one
     * that had another rate before is still told of, it waits for its turn.
     */
    void rootHasRate(Clock root, long hz) {
        if (outside.isTaken) {
            if (!root.state.isSeen) {
                root.state.isSeen = true;
                if (lastSeen == null) {
                    firstSeen = root;
                } else {
                    lastSeen.state.seenNext = root;
                }
                lastSeen = root;
            }
            root.state.seenHz = hz;
            return;
        }
        outside.begin();
        outside.markMoving(root, root.exactRate(rate));
        root.setRootHz(hz);
        end(outside, true);
    }

    /** The next root that was seen with another rate. */
    private void seeNext() {
        Clock root = firstSeen;
        if (root == null || outside.isTaken) {
            return;
        }
        firstSeen = root.state.seenNext;
        lastSeen = firstSeen == null ? null : lastSeen;
        root.state.seenNext = null;
        root.state.isSeen = false;
        long hz = root.state.seenHz;
        if (root.state.change() != null) {
            root.setRootHz(hz); // it is told of when that ends
        } else if (hz != root.rootHz()) {
            rootHasRate(root, hz);
        }
        if (firstSeen != null && !outside.isTaken) {
            seenTimer.arm(0);
        }
    }

    void setListener(@Nullable RateListener listener) {
        this.listener = listener;
    }

    void tell(@Nullable ClockListener told) {
        driverListener = told;
    }

    void setReleaseListener(@Nullable Runnable listener) {
        releaseListener = listener;
    }

    /** Who asked for the change that is just ending after it had to wait; null if none is. */
    @Nullable
    Waiter ending() {
        return ending;
    }

    /**
     * Says for whom is done what is done next, if it had to wait for something else before; null for nobody.
     *
     * @return what was said before
     */
    @Nullable
    Waiter actLateFor(@Nullable Waiter waiter) {
        Waiter before = ending;
        ending = waiter;
        return before;
    }

    // ---- A change from its beginning to its end.

    /** A change to be filled and {@link #run}; null if none is to be begun any more. */
    @Nullable
    Change take() {
        if (whenIdle != null || taken == changes.length) {
            return null;
        }
        Change change = changes[taken];
        change.place = taken++;
        change.begin();
        return change;
    }

    /** It has ended, and may be taken again. */
    private void putBack(Change change) {
        change.stop();
        if (change != outside) {
            Change last = changes[--taken];
            changes[change.place] = last;
            last.place = change.place;
            changes[taken] = change;
        }
    }

    /**
     * Begins no change any more, and tells when those that are under way have ended: a loop that is being changed is not
     * left behind switched off.
     */
    void finish(Runnable then) {
        whenIdle = then;
        tellIfIdle();
    }

    private void tellIfIdle() {
        Runnable then = whenIdle;
        if (then != null && !isUnderWay()) {
            then.run();
        }
    }

    private boolean isUnderWay() {
        return taken > 0;
    }

    /** Whether somebody who has waited longer comes first. */
    boolean isOthersTurn(Clock clock, Waiter waiter) {
        return turns.isOthersTurn(clock, waiter);
    }

    /** Remembers who is to ask again for a clock. */
    Outcome busy(Clock clock, Waiter waiter) {
        turns.add(clock, waiter);
        return Outcome.BUSY;
    }

    /** Marks a clock whose rate is to change; the search knows its present one, and what it runs from. */
    static void mark(Clock clock, Change change, RateSearch search) {
        change.markMoving(clock, search.rateNow(clock));
        for (Clock above = search.parentNow(clock); above != null; above = search.parentNow(above)) {
            change.passes(above);
        }
    }

    /** Marks what a clock is to run from. */
    static void markParent(Clock parent, Change change, RateSearch search) {
        for (Clock above = parent; above != null; above = search.parentNow(above)) {
            change.passes(above);
        }
    }

    /** Before a clock in use changes its parent: the new one is counted, and started by the change if it stands still. */
    void switchParent(Clock clock, Clock parent, Change change) {
        Clock old = clock.state.held;
        if (clock.state.inUse() && old != parent) {
            use.start(parent, change);
            ClockUse.hold(clock, parent);
            if (old != null) {
                old.state.usedByClocks++; // it runs on until the change has ended
                change.addSwitch(clock, old);
            }
        }
    }

    /**
     * Brings a change into the hardware.
     *
     * @return {@link Outcome#OK} if it is done, {@link Outcome#STARTED} if it waits
     */
    Outcome run(Change change, Waiter waiter) {
        boolean isDone;
        try {
            isDone = change.proceed(opened);
        } catch (RuntimeException | InternalError failure) {
            change.waiter = GONE; // he learns of it by this
            end(change, false);
            throw failure;
        }
        change.waiter = waiter;
        return isDone && end(change, true) ? Outcome.OK : Outcome.STARTED;
    }

    /** A change's timer: hardware may be ready. */
    void goOn(Change change) {
        if (change.isTelling()) {
            ending = change.waiter;
            boolean hasEnded = goOnTelling(change);
            ending = null;
            if (hasEnded) {
                tellEnd(change);
            }
            return;
        }
        boolean isOk;
        try {
            isOk = change.proceed(opened);
            Mapping.raiseFault(); // a register file that was cut off says so late
            if (!isOk && !change.isFailed()) {
                return;
            }
            // A refusal is an answer; that hardware fails is what people have to know of.
            if (!isOk && change.failure() == Outcome.FAILED && mayLog()) {
                LOG.log(System.Logger.Level.WARNING, change.problem());
            }
        } catch (RuntimeException | InternalError failure) {
            if (mayLog()) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "a change of clocks came upon a register that cannot be reached",
                        failure);
            }
            isOk = false;
        }
        ending = change.waiter;
        boolean hasEnded = end(change, isOk);
        ending = null;
        if (hasEnded) {
            tellEnd(change);
        }
    }

    /** Who waits for it, and those who wait for others. */
    private void tellEnd(Change change) {
        turns.changeEnds();
        Waiters.tell(change.waiter, change.isOk() ? Outcome.OK : change.failure());
        letOthersAsk();
        tellIfIdle();
    }

    private boolean mayLog() {
        long now = scheduler.nanoTime();
        boolean mayLog = !hasLogged || now - loggedAt >= QUIET_NANOS;
        if (mayLog) {
            hasLogged = true;
            loggedAt = now;
        }
        return mayLog;
    }

    /** A change that was taken came upon a register that cannot be read before it was run. */
    void giveUp(Change change) {
        change.beginTelling(/* ok= */ false);
        release(change);
    }

    /**
     * Hardware is done with a change.
     *
     * @return whether it has ended; if not, there is more to tell than fits into a turn, and it goes on by itself
     */
    private boolean end(Change change, boolean ok) {
        if (!ok) {
            restart(change);
        }
        change.beginTelling(ok);
        return goOnTelling(change);
    }

    /** For so long as one turn may take; at once for nobody who waits, or where there are no turns. */
    private boolean goOnTelling(Change change) {
        boolean isAlone = scheduler.equals(Scheduler.NEVER)
                || (ending == null && change != outside && change.waiter.equals(Waiter.NOBODY));
        long end = isAlone ? Long.MAX_VALUE : work.endOfSlice();
        if (listener != null || driverListener != null) {
            while (!change.hasToldAll()) {
                if (work.done() >= end) {
                    change.goOnSoon();
                    return false;
                }
                work.add(1);
                tellNext(change);
            }
        }
        release(change);
        return true;
    }

    /** It has ended: nothing is marked by it any more. */
    private void release(Change change) {
        putBack(change);
        if (firstSeen != null && change == outside) {
            seenTimer.arm(0);
        }
        if (!change.isOk()) {
            takeBack(change);
        }
        for (int i = 0; i < change.switches(); i++) {
            letGo(change.oldParent(i));
        }
        stopMore();
        RateQueries its = queries;
        if (its != null) {
            its.changeEnded();
        }
    }

    /** Stops what was not to be stopped during a change that has ended now, in as many turns as that takes. */
    private void stopMore() {
        long end = scheduler.equals(Scheduler.NEVER) ? Long.MAX_VALUE : work.endOfSlice();
        if (!use.stopLeftOver(work, end)) {
            stopTimer.arm(0);
        }
    }

    /** What was kept as it is for a question may be changed again. */
    void endHold(Change hold) {
        hold.stop();
        stopMore();
        RateQueries its = queries;
        if (its != null) {
            its.changeEnded();
        }
        letOthersAskLater();
    }

    /** A change that failed has perhaps stopped a loop: who depends on that is served better by any rate than by none. */
    private static void restart(Change change) {
        try {
            change.plan.restart();
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, "a loop that was stopped for a change cannot be started again", failure);
        }
    }

    /** A change that failed: a user that was added is none, and clocks are counted where they really run from. */
    private void takeBack(Change change) {
        Clock user = change.user;
        if (user != null && user.state.users > 0) {
            user.state.users--;
        }
        if (user != null && !user.state.inUse()) {
            use.stopSafely(user);
        }
        for (int i = 0; i < change.switches(); i++) {
            Clock clock = change.switched(i);
            Clock wanted = clock.state.held;
            if (wanted != null && runsFrom(clock, change.oldParent(i))) {
                ClockUse.hold(clock, change.oldParent(i));
                if (!wanted.state.inUse()) {
                    use.stopSafely(wanted);
                }
            }
        }
    }

    /**
     * Somebody lets go of a clock: if the change that starts it for him is under way, no user is taken back should it fail.
     *
     * @param cause on whose behalf the change is
     */
    void withdraw(Clock clock, Waiter cause) {
        for (int i = 0; i < taken; i++) {
            Change change = changes[i];
            if (change.user == clock && change.waiter.cause().equals(cause)) {
                change.user = null;
            }
        }
    }

    private static boolean runsFrom(Clock clock, Clock parent) {
        try {
            return clock.parent() == parent;
        } catch (RuntimeException | InternalError failure) {
            return false; // the register that says it cannot be reached
        }
    }

    private void letGo(Clock old) {
        old.state.usedByClocks--;
        if (!old.state.inUse()) {
            use.stopSafely(old);
        }
        tellReleased();
    }

    void tellReleased() {
        Runnable told = releaseListener;
        if (told != null) {
            told.run();
        }
    }

    private void tellNext(Change change) {
        Clock clock;
        try {
            clock = change.nextMoved();
        } catch (RuntimeException | InternalError failure) {
            return; // its registers cannot be reached, which whoever asks will be told
        }
        if (clock != null) {
            long before = clock.state.before.floor();
            long now = clock.state.after.floor();
            if (now != before) {
                tellRate(clock, before, now);
            }
        }
    }

    /** The change is made: what follows from it may fail, and does not undo it. */
    private void tellRate(Clock clock, long before, long rate) {
        ClockListener first = driverListener;
        RateListener second = listener;
        try {
            if (first != null) {
                first.rateChanged(clock.index(), rate, cause());
            }
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, "a new rate of clock " + clock + " could not be told", failure);
        }
        try {
            if (second != null) {
                second.rateChanged(clock, before, rate);
            }
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, "what follows from a new rate of clock " + clock + " failed", failure);
        }
    }

    private @Nullable Waiter cause() {
        Waiter late = ending;
        return late == null || late.cause().equals(Waiter.NOBODY) ? null : late.cause();
    }

    /** Those who wait ask in the order of their turns; in later turns of the loop, if that takes long. */
    private void letOthersAsk() {
        turns.beginRound();
        goOnWithRound();
    }

    private void resume() {
        if (turns.isInRound()) {
            goOnWithRound();
        } else {
            letOthersAsk();
        }
    }

    private void goOnWithRound() {
        long until = work.endOfSlice();
        while (turns.letNextAsk()) {
            work.add(ONE_WHO_ASKS);
            if (work.done() > until) {
                resume.arm(0);
                return;
            }
        }
        if (!isUnderWay()) {
            letOthersAskLater(); // who came meanwhile, and was put behind those who have waited
        }
    }

    private void letOthersAskLater() {
        if (!turns.isEmpty() && whenIdle == null) {
            resume.arm(0);
        }
    }

    /** Whoever waits may ask again. */
    static void letAsk(Waiter waiter) {
        try {
            waiter.mayAskAgain();
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, "what waited for a change of clocks failed", failure);
        }
    }
}
