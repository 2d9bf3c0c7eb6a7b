// One reset of a board.
package org.scmid.platform.reset;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.config.register.FieldValue;
import org.scmid.config.reset.ResetSpec;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.ResetAction;
import org.scmid.platform.driver.ResetDriver;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.driver.Waiters;
import org.scmid.platform.register.RegisterField;
import org.scmid.platform.register.Windows;
import org.scmid.platform.sequence.Sequence;
import org.scmid.platform.sequence.SequenceRunner;

/**
 * One reset. Requests are carried out one after the other: the last one wins, and what hardware says is the state. Those
 * of one {@link Waiter#cause} are carried out in the order in which they came. Between several it goes round, so that
 * who asks waits for one request of each other at most, however many they have asked for. Nothing is remembered of who
 * asked.
 *
 * <p>Belongs to the loop's thread; grows by need, else it allocates nothing.
 */
public final class ResetLine implements ResetDriver {
    /** How many requests of one cause may wait for their turn; an agent has at most a few unless it begins anew. */
    static final int MOST_OF_ONE_CAUSE = 16;

    private static final int FEW = 8;

    private final int index;
    private final String name;
    private final long latencyMicros;
    private final boolean asynchronous;
    private final Sequence onAssert;
    private final Sequence onDeassert;
    private final Sequence onReset;
    private final @Nullable RegisterField state;
    private final long assertedValue;
    private final SequenceRunner runner;
    private ResetAction[] waitingActions = new ResetAction[FEW];
    private Waiter[] waiters = new Waiter[FEW];
    private long[] rounds = new long[FEW]; // in which each of those that wait has its turn
    private int waiting;
    private Waiter waiter = Waiter.NOBODY; // of what is being done
    private long round; // of what is being done
    private boolean isStarting;
    private boolean endedAtOnce;
    private boolean wasOk;

    ResetLine(int index, ResetSpec spec, Windows windows, Scheduler scheduler) {
        this.index = index;
        name = spec.name();
        latencyMicros = spec.latencyMicros();
        asynchronous = spec.asynchronous();
        onAssert = Sequence.of(spec.onAssert(), windows);
        onDeassert = Sequence.of(spec.onDeassert(), windows);
        onReset = Sequence.of(spec.onReset(), windows);
        FieldValue said = spec.asserted();
        state = said == null ? null : windows.field(said.field());
        assertedValue = said == null ? 0 : said.value();
        runner = new SequenceRunner("reset " + name, scheduler, this::ended);
    }

    /** Its position in the board file, from 0. */
    public int index() {
        return index;
    }

    /** Its name in the board file. */
    public String name() {
        return name;
    }

    @Override
    public long latencyMicros() {
        return latencyMicros;
    }

    @Override
    public boolean isAsynchronous() {
        return asynchronous;
    }

    @Override
    public boolean supports(ResetAction action) {
        return !sequence(action).isEmpty();
    }

    private Sequence sequence(ResetAction action) {
        return switch (action) {
            case ASSERT -> onAssert;
            case DEASSERT -> onDeassert;
            case RESET -> onReset;
        };
    }

    /** Whether hardware says whether it is asserted. */
    public boolean hasState() {
        return state != null;
    }

    /** Whether hardware says that it is asserted; false if it does not say. */
    public boolean isAsserted() {
        return state != null && state.read() == assertedValue;
    }

    /** Whether something is being done to it. */
    public boolean isBusy() {
        return runner.isRunning();
    }

    @Override
    public Outcome perform(ResetAction action, Waiter itsWaiter) {
        if (runner.isRunning() || isStarting || waiting > 0) {
            return await(action, itsWaiter) ? Outcome.STARTED : Outcome.NOT_NOW;
        }
        return start(action, itsWaiter) ? outcome() : Outcome.STARTED;
    }

    /** Has a request wait for its turn; false if too many of its cause do. */
    private boolean await(ResetAction action, Waiter itsWaiter) {
        Waiter cause = itsWaiter.cause();
        long itsRound = waiter.cause().equals(cause) ? round + 1 : round;
        int ofThisCause = 0;
        for (int i = 0; i < waiting; i++) {
            if (waiters[i].cause().equals(cause)) {
                ofThisCause++;
                itsRound = Math.max(itsRound, rounds[i] + 1);
            }
        }
        if (ofThisCause == MOST_OF_ONE_CAUSE) {
            return false;
        }
        if (waiting == waiters.length) {
            waitingActions = Arrays.copyOf(waitingActions, 2 * waiting);
            waiters = Arrays.copyOf(waiters, 2 * waiting);
            rounds = Arrays.copyOf(rounds, 2 * waiting);
        }
        waitingActions[waiting] = action;
        waiters[waiting] = itsWaiter;
        rounds[waiting] = itsRound;
        waiting++;
        return true;
    }

    /** Which of those that wait is next: the first that came of the earliest round. */
    private int next() {
        int next = 0;
        for (int i = 1; i < waiting; i++) {
            if (rounds[i] < rounds[next]) {
                next = i;
            }
        }
        return next;
    }

    private void remove(int place) {
        waiting--;
        int behind = waiting - place;
        System.arraycopy(waitingActions, place + 1, waitingActions, place, behind);
        System.arraycopy(waiters, place + 1, waiters, place, behind);
        System.arraycopy(rounds, place + 1, rounds, place, behind);
        waiters[waiting] = Waiter.NOBODY;
    }

    /** @return whether it has ended already */
    private boolean start(ResetAction action, Waiter itsWaiter) {
        waiter = itsWaiter;
        isStarting = true;
        endedAtOnce = false;
        runner.start(sequence(action));
        isStarting = false;
        return endedAtOnce;
    }

    private void ended(boolean ok) {
        wasOk = ok;
        if (isStarting) {
            endedAtOnce = true;
            return;
        }
        Waiters.tell(waiter, outcome());
        while (waiting > 0 && !runner.isRunning()) {
            int next = next();
            ResetAction action = waitingActions[next];
            Waiter itsWaiter = waiters[next];
            round = rounds[next];
            remove(next);
            if (start(action, itsWaiter)) {
                Waiters.tell(itsWaiter, outcome());
            }
        }
    }

    private Outcome outcome() {
        return wasOk ? Outcome.OK : Outcome.FAILED;
    }

    @Override
    public String toString() {
        return name;
    }
}
