// What simulated hardware does by itself some time after a register was written.
package org.scmid.platform.register;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.scmid.config.Board;
import org.scmid.config.FieldRef;
import org.scmid.config.FieldValue;
import org.scmid.config.PowerDomainSpec;
import org.scmid.config.ResetSpec;
import org.scmid.config.SequenceStep;

/**
 * Lets simulated registers answer as hardware does: nobody else is there who would set the status of a power switch or
 * clear a reset bit that clears itself. What hardware would say follows from the board file: a field that a sequence
 * polls takes the value that is waited for, {@value #REACTION_MICROS} us after the last write before the poll; and so
 * does the field that says whether a power domain is on, after the last write of the sequence that switches it.
 *
 * <p>Only registers of simulated windows react. Nothing runs by itself: what is due is made true when a register is read
 * next, so it can be seen no sooner and no later than by hardware.
 */
public final class SimulatedReactions {
    /** How long simulated hardware takes, in microseconds; less if a poll's time-out is shorter than twice that. */
    public static final int REACTION_MICROS = 50;

    private static final long REACTION_NANOS = REACTION_MICROS * 1000L;

    private static final class Reaction {
        private final FieldValue cause;
        private final FieldValue effect;
        private final long delayNanos;
        private @Nullable SimulatedWindow window;
        private boolean isDue;
        private long dueNanos;

        private Reaction(FieldValue cause, FieldValue effect, long delayNanos) {
            this.cause = cause;
            this.effect = effect;
            this.delayNanos = delayNanos;
        }
    }

    private final LongSupplier nanoTime;
    private final List<Reaction> reactions = new ArrayList<>();
    private int due;

    /**
     * Finds what the hardware of a board does by itself.
     *
     * @param nanoTime the time in nanoseconds
     */
    SimulatedReactions(Board board, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (PowerDomainSpec domain : board.powerDomains().values()) {
            addPolls(domain.turnOn());
            addPolls(domain.turnOff());
            addState(domain.turnOn(), domain.on());
            addState(
                    domain.turnOff(),
                    new FieldValue(domain.on().field(), domain.on().value() == 0 ? 1 : 0));
        }
        for (ResetSpec reset : board.resets().values()) {
            addPolls(reset.onAssert());
            addPolls(reset.onDeassert());
            addPolls(reset.onReset());
        }
    }

    private void addPolls(List<SequenceStep> steps) {
        FieldValue cause = null;
        for (SequenceStep step : steps) {
            if (step instanceof SequenceStep.Write write) {
                cause = new FieldValue(write.field(), write.value());
            } else if (step instanceof SequenceStep.Poll poll && cause != null) {
                long delay = Math.min(REACTION_NANOS, poll.timeout().toNanos() / 2);
                add(cause, new FieldValue(poll.field(), poll.value()), delay);
            }
        }
    }

    /** A state that is neither written nor polled by the sequence that changes it. */
    private void addState(List<SequenceStep> steps, FieldValue state) {
        FieldValue last = null;
        for (SequenceStep step : steps) {
            switch (step) {
                case SequenceStep.Write write -> {
                    last = new FieldValue(write.field(), write.value());
                    if (overlap(write.field(), state.field())) {
                        return;
                    }
                }
                case SequenceStep.Poll poll -> {
                    if (overlap(poll.field(), state.field())) {
                        return;
                    }
                }
                case SequenceStep.Delay delay -> {}
            }
        }
        if (last != null) {
            add(last, state, REACTION_NANOS);
        }
    }

    private void add(FieldValue cause, FieldValue effect, long delayNanos) {
        if (!(isSame(cause.field(), effect.field()) && cause.value() == effect.value())) {
            reactions.add(new Reaction(cause, effect, delayNanos));
        }
    }

    private static boolean isSame(FieldRef one, FieldRef other) {
        return isAt(one, other.window(), other.offset()) && one.mask() == other.mask();
    }

    private static boolean overlap(FieldRef one, FieldRef other) {
        return isAt(one, other.window(), other.offset()) && (one.mask() & other.mask()) != 0;
    }

    private static boolean isAt(FieldRef field, String window, long offset) {
        return field.offset() == offset && field.window().equals(window);
    }

    /** A window is simulated: its registers react. */
    void connect(SimulatedWindow window) {
        for (Reaction reaction : reactions) {
            if (reaction.effect.field().window().equals(window.name())) {
                reaction.window = window;
            }
        }
    }

    /**
     * A register was written.
     *
     * @param changeable the bits that the write could change
     * @param word what the register holds now
     */
    void written(SimulatedWindow window, long offset, long changeable, long word) {
        for (int i = 0; i < reactions.size(); i++) {
            Reaction reaction = reactions.get(i);
            FieldRef field = reaction.cause.field();
            if (reaction.window != null
                    && isAt(field, window.name(), offset)
                    && (field.mask() & changeable) == field.mask()) {
                arm(reaction, (word & field.mask()) >>> field.low() == reaction.cause.value());
            }
        }
    }

    private void arm(Reaction reaction, boolean caused) {
        if (caused && !reaction.isDue) {
            reaction.isDue = true;
            reaction.dueNanos = nanoTime.getAsLong() + reaction.delayNanos;
            due++;
        } else if (!caused && reaction.isDue) {
            reaction.isDue = false;
            due--;
        }
    }

    /** A register is about to be read: makes true what hardware would have done by now. */
    void catchUp() {
        if (due == 0) {
            return;
        }
        long now = nanoTime.getAsLong();
        for (int i = 0; i < reactions.size(); i++) {
            Reaction reaction = reactions.get(i);
            SimulatedWindow window = reaction.window;
            if (reaction.isDue && window != null && now - reaction.dueNanos >= 0) {
                reaction.isDue = false;
                due--;
                FieldRef field = reaction.effect.field();
                window.react(field.offset(), field.mask(), reaction.effect.value() << field.low());
            }
        }
    }
}
