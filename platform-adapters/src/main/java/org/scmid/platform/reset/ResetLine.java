// One reset of a board.
package org.scmid.platform.reset;

import org.jspecify.annotations.Nullable;
import org.scmid.config.register.FieldValue;
import org.scmid.config.reset.ResetSpec;
import org.scmid.loop.Scheduler;
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
public final class ResetLine {
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
    private final ResetLines owner;
    private final ResetAction[] waitingActions = new ResetAction[MAX_WAITING];
    private final int[] waitingTags = new int[MAX_WAITING];
    private int first;
    private int waiting;
    private ResetAction running = ResetAction.RESET;
    private int tag;
    private boolean isStarting;
    private boolean endedAtOnce;
    private boolean wasOk;

    ResetLine(int index, ResetSpec spec, Windows windows, Scheduler scheduler, ResetLines owner) {
        this.index = index;
        this.owner = owner;
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

    /** Microseconds that a reset takes, as an unsigned 32-bit number; 0xFFFFFFFF if not known. */
    public long latencyMicros() {
        return latencyMicros;
    }

    /** Whether agents may have it reset without waiting for it. */
    public boolean isAsynchronous() {
        return asynchronous;
    }

    /** Whether an action can be done to it: one whose bit clears itself cannot be held. */
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

    /**
     * Does something to it, now or when its turn comes.
     *
     * @param action what; it must be {@linkplain #supports supported}
     * @param itsTag given to the listener, if the end comes later
     */
    public ResetOutcome perform(ResetAction action, int itsTag) {
        if (runner.isRunning() || isStarting) {
            if (waiting == MAX_WAITING) {
                return ResetOutcome.BUSY;
            }
            int place = (first + waiting) % MAX_WAITING;
            waitingActions[place] = action;
            waitingTags[place] = itsTag;
            waiting++;
            return ResetOutcome.STARTED;
        }
        if (!start(action, itsTag)) {
            return ResetOutcome.STARTED;
        }
        return wasOk ? ResetOutcome.DONE : ResetOutcome.FAILED;
    }

    /** @return whether it has ended already */
    private boolean start(ResetAction action, int itsTag) {
        running = action;
        tag = itsTag;
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
        owner.tell(this, running, tag, ok);
        while (waiting > 0 && !runner.isRunning()) {
            ResetAction next = waitingActions[first];
            int nextTag = waitingTags[first];
            first = (first + 1) % MAX_WAITING;
            waiting--;
            if (start(next, nextTag)) {
                owner.tell(this, next, nextTag, wasOk);
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
