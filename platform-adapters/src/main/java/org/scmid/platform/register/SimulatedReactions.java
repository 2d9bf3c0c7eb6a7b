// What simulated hardware does by itself some time after a register was written.
package org.scmid.platform.register;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.DividerSpec;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.clock.MuxSpec;
import org.scmid.config.clock.PllSpec;
import org.scmid.config.clock.ReadySpec;
import org.scmid.config.power.PowerDomainSpec;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.FieldValue;
import org.scmid.config.register.WindowSpec;
import org.scmid.config.reset.ResetSpec;
import org.scmid.config.sequence.SequenceStep;

/**
 * Lets simulated registers answer as hardware does: nobody else is there who would set the status of a power switch or
 * clear a reset bit that clears itself. What hardware would say follows from the board file: a field that a sequence
 * polls takes the value that is waited for, {@value #REACTION_MICROS} us after the last write before the poll; and so
 * does the field that says whether a power domain is on, after the last write of the sequence that switches it. A clock
 * is ready the same time after its gate was opened, a multiplexer says that long after it was set which parent it runs
 * from, and a phase-locked loop is locked that long after it was switched on or its settings were changed.
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

    /** A loop that runs loses its lock when a setting of it changes. */
    private static final class Relock {
        private final FieldRef setting;
        private final Reaction locked;
        private long last;

        private Relock(FieldRef setting, Reaction locked, long last) {
            this.setting = setting;
            this.locked = locked;
            this.last = last;
        }
    }

    private final LongSupplier nanoTime;
    private final List<Reaction> reactions = new ArrayList<>();
    private final List<Relock> relocks = new ArrayList<>();
    private final List<FieldValue> initial = new ArrayList<>();
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
        for (ClockSpec clock : board.clocks().values()) {
            addClock(clock, board);
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

    private void addClock(ClockSpec clock, Board board) {
        MuxSpec mux = clock.mux();
        if (mux != null && mux.status() != null) {
            addStatus(mux, mux.status(), board);
        }
        GateSpec gate = clock.gate();
        if (gate != null && gate.ready() != null) {
            addReady(List.of(gate), gate.ready(), board);
        }
        PllSpec pll = clock.pll();
        if (pll != null && pll.lock() != null) {
            Reaction locked = addReady(pll.enable(), pll.lock().bit(), board);
            settings(pll).forEach(setting -> relocks.add(new Relock(setting, locked, initialOf(setting, board))));
        }
    }

    private void addStatus(MuxSpec mux, MuxSpec.Status status, Board board) {
        long delay = Math.min(REACTION_NANOS, status.timeout().toNanos() / 2);
        for (int i = 0; i < mux.values().size(); i++) {
            FieldValue cause = new FieldValue(mux.field(), mux.values().get(i));
            FieldValue effect = new FieldValue(status.field(), status.values().get(i));
            add(cause, effect, delay);
            if (initialOf(mux.field(), board) == cause.value()) {
                initial.add(effect);
            }
        }
    }

    /** Ready some time after the last of the bits is on, and not ready as soon as it is off. */
    private Reaction addReady(List<GateSpec> enable, ReadySpec ready, Board board) {
        FieldValue yes = new FieldValue(ready.field(), ready.high() ? 1 : 0);
        long delay = Math.min(REACTION_NANOS, ready.timeout().toNanos() / 2);
        boolean isOn = true;
        Reaction reaction = new Reaction(yes, yes, delay); // without bits it is on, and only settings matter
        for (GateSpec bit : enable) {
            long on = bit.enableHigh() ? 1 : 0;
            isOn &= initialOf(bit.field(), board) == on;
            add(new FieldValue(bit.field(), 1 - on), new FieldValue(ready.field(), 1 - yes.value()), 0);
            reaction = new Reaction(new FieldValue(bit.field(), on), yes, delay);
        }
        reactions.add(reaction);
        if (isOn) {
            initial.add(yes);
        }
        return reaction;
    }

    private static List<FieldRef> settings(PllSpec pll) {
        List<FieldRef> settings = new ArrayList<>(fields(pll.feedback()));
        if (pll.reference() != null) {
            settings.addAll(fields(pll.reference()));
        }
        if (pll.fraction() != null) {
            settings.add(pll.fraction().numerator());
        }
        return settings;
    }

    private static List<FieldRef> fields(DividerSpec divider) {
        return switch (divider) {
            case DividerSpec.Linear it -> List.of(it.field());
            case DividerSpec.OneBased it -> List.of(it.field());
            case DividerSpec.PowerOfTwo it -> List.of(it.field());
            case DividerSpec.Table it -> List.of(it.field());
            case DividerSpec.Fractional it -> List.of(it.integer(), it.fraction());
        };
    }

    private static long initialOf(FieldRef field, Board board) {
        WindowSpec window = board.registers().get(field.window());
        long word = window == null ? 0 : window.initial().getOrDefault(field.offset(), 0L);
        return (word & field.mask()) >>> field.low();
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
        for (FieldValue value : initial) {
            FieldRef field = value.field();
            if (field.window().equals(window.name())) {
                window.react(field.offset(), field.mask(), value.value() << field.low());
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
        for (int i = 0; i < relocks.size(); i++) {
            FieldRef setting = relocks.get(i).setting;
            if (isAt(setting, window.name(), offset)) {
                relock(relocks.get(i), (word & setting.mask()) >>> setting.low());
            }
        }
    }

    private void relock(Relock relock, long setting) {
        Reaction locked = relock.locked;
        SimulatedWindow window = locked.window;
        if (setting == relock.last || window == null) {
            return;
        }
        relock.last = setting;
        FieldRef lock = locked.effect.field();
        long yes = locked.effect.value() << lock.low();
        if (locked.isDue || (window.peek(lock.offset()) & lock.mask()) == yes) {
            window.react(lock.offset(), lock.mask(), yes ^ lock.mask());
            arm(locked, false);
            arm(locked, true);
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
