// Runs a sequence of register accesses, and lets others go on while it waits.
package org.scmid.platform.sequence;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.loop.Scheduler;
import org.scmid.platform.sequence.Sequence.Step;

/**
 * Runs one sequence at a time. What needs no waiting is done at once, so a sequence of writes ends before {@link #start}
 * returns; delays and polls go on by a timer. A poll whose time is over, and a register that cannot be reached, end the
 * sequence where it stands: nothing is undone.
 *
 * <p>Belongs to the loop's thread. Allocates nothing once it is made.
 */
public final class SequenceRunner {
    private static final System.Logger LOG = System.getLogger(SequenceRunner.class.getName());

    /** Is told how a sequence ended. May start the next one at once. */
    @FunctionalInterface
    public interface Completion {
        /** @param ok whether every step was done, and every poll saw its value in time */
        void ended(boolean ok);
    }

    private final String name;
    private final Scheduler scheduler;
    private final Scheduler.Timer timer;
    private final Completion completion;
    private @Nullable Sequence running;
    private int position;
    private boolean isWaiting;
    private long deadline;

    /**
     * @param name whose sequences these are, for the log: {@code power domain gpu}
     * @param completion is told of the end of each sequence
     */
    public SequenceRunner(String name, Scheduler scheduler, Completion completion) {
        this.name = name;
        this.scheduler = scheduler;
        this.completion = completion;
        timer = scheduler.timer(this::proceed);
    }

    /** Whether a sequence runs. */
    public boolean isRunning() {
        return running != null;
    }

    /**
     * Starts a sequence; its end may come before this returns.
     *
     * @throws IllegalStateException if one runs already
     */
    public void start(Sequence sequence) {
        if (running != null) {
            throw new IllegalStateException("a sequence of " + name + " runs already");
        }
        running = sequence;
        position = 0;
        isWaiting = false;
        proceed();
    }

    private void proceed() {
        Sequence sequence = running;
        if (sequence == null) {
            return;
        }
        boolean ok;
        try {
            ok = advance(sequence);
            Mapping.raiseFault(); // a register file that was cut off says so late
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, name + ": a register cannot be reached", failure);
            end(false);
            return;
        }
        if (!ok || position == sequence.length()) {
            end(ok);
        }
    }

    /**
     * Goes on until there is something to wait for, or nothing more to do.
     *
     * @return false if a poll has failed
     */
    private boolean advance(Sequence sequence) {
        for (; position < sequence.length(); position++) {
            Step step = sequence.step(position);
            switch (step.kind()) {
                case WRITE -> step.register().write(step.value());
                case DELAY -> {
                    if (!isWaiting) {
                        isWaiting = true; // the time runs; when we come here again it is over
                        timer.arm(step.nanos());
                        return true;
                    }
                    isWaiting = false;
                }
                case POLL -> {
                    if (step.register().read() != step.value()) {
                        return waitAndPoll(step);
                    }
                    isWaiting = false;
                }
            }
        }
        return true;
    }

    private boolean waitAndPoll(Step step) {
        long now = scheduler.nanoTime();
        if (!isWaiting) {
            isWaiting = true;
            deadline = now + step.nanos();
        }
        long left = deadline - now;
        if (left <= 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    name + ": " + step.register().register() + " does not have the value " + step.value() + " after "
                            + step.nanos() / 1000 + " us");
            return false;
        }
        timer.arm(Math.min(step.intervalNanos(), left));
        return true;
    }

    private void end(boolean ok) {
        timer.disarm();
        running = null;
        completion.ended(ok);
    }
}
