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
 * One reset. Requests are carried out one after the other, in the order in which they came: the last one wins, and what
 * hardware says is the state. Nothing is remembered of who asked.
 *
 * <p>Belongs to the loop's thread; allocates nothing once it is made.
 */
public final class ResetLine implements ResetDriver {
    /** How many requests may wait for their turn; every agent has at most a few. */
    static final int MAX_WAITING = 256;

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
    private final ResetAction[] waitingActions = new ResetAction[MAX_WAITING];
    private final Waiter[] waiters = new Waiter[MAX_WAITING];
    private int first;
    private int waiting;
    private Waiter waiter = Waiter.NOBODY; // of what is being done
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
        Arrays.fill(waiters, Waiter.NOBODY);
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
            if (waiting == MAX_WAITING) {
                return Outcome.NOT_NOW;
            }
            int place = (first + waiting) % MAX_WAITING;
            waitingActions[place] = action;
            waiters[place] = itsWaiter;
            waiting++;
            return Outcome.STARTED;
        }
        return start(action, itsWaiter) ? outcome() : Outcome.STARTED;
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
            ResetAction next = waitingActions[first];
            Waiter nextWaiter = waiters[first];
            waiters[first] = Waiter.NOBODY;
            first = (first + 1) % MAX_WAITING;
            waiting--;
            if (start(next, nextWaiter)) {
                Waiters.tell(nextWaiter, outcome());
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
