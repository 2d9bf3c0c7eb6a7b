// A sequence of register accesses, ready to be run.
package org.scmid.platform.sequence;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.sequence.SequenceStep;
import org.scmid.platform.register.RegisterField;
import org.scmid.platform.register.Windows;

/** The steps of a board file with their registers. It never changes; {@link SequenceRunner} runs it. */
public final class Sequence {
    /** What a step does. */
    enum Kind {
        WRITE,
        DELAY,
        POLL
    }

    /**
     * One step.
     *
     * @param field what is written or polled; null for a delay
     * @param value what is written or waited for
     * @param nanos the delay, or after which a poll fails
     * @param intervalNanos between two polls
     */
    record Step(Kind kind, @Nullable RegisterField field, long value, long nanos, long intervalNanos) {
        RegisterField register() {
            RegisterField its = field;
            if (its == null) {
                throw new IllegalStateException("a delay has no register");
            }
            return its;
        }
    }

    private final Step[] steps;

    private Sequence(Step[] steps) {
        this.steps = steps;
    }

    /** Finds the registers of a sequence; reads and writes none. */
    public static Sequence of(List<SequenceStep> spec, Windows windows) {
        Step[] steps = new Step[spec.size()];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = switch (spec.get(i)) {
                case SequenceStep.Write write ->
                    new Step(Kind.WRITE, windows.field(write.field()), write.value(), 0, 0);
                case SequenceStep.Delay delay ->
                    new Step(Kind.DELAY, null, 0, delay.time().toNanos(), 0);
                case SequenceStep.Poll poll ->
                    new Step(
                            Kind.POLL,
                            windows.field(poll.field()),
                            poll.value(),
                            poll.timeout().toNanos(),
                            poll.interval().toNanos());
            };
        }
        return new Sequence(steps);
    }

    /** Whether there is nothing to do: what a board file does not say. */
    public boolean isEmpty() {
        return steps.length == 0;
    }

    int length() {
        return steps.length;
    }

    Step step(int position) {
        return steps[position];
    }
}
