// Turns what a board file says about resets into records, and checks what the shapes cannot.
package org.scmid.config.reset;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Problems;
import org.scmid.config.register.FieldReader;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.FieldValue;
import org.scmid.config.reset.ResetShapes.Reset;
import org.scmid.config.reset.ResetShapes.State;
import org.scmid.config.sequence.SequenceReader;
import org.scmid.config.sequence.SequenceStep;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values.Named;

/** Turns what a board file says about resets into records, and checks what the shapes cannot. */
public final class ResetReader {
    /** How often a self-clearing bit is looked at. */
    private static final Duration INTERVAL = Duration.ofNanos(50_000);

    private final FieldReader registers;
    private final SequenceReader sequences;
    private final Problems problems;

    private ResetReader(FieldReader registers, Problems problems) {
        this.registers = registers;
        this.sequences = new SequenceReader(registers, problems);
        this.problems = problems;
    }

    /** The resets by name; those that are wrong are left out. */
    public static Map<String, ResetSpec> read(
            List<Named<String, Fields>> written, FieldReader registers, Problems problems) {
        ResetReader reader = new ResetReader(registers, problems);
        Map<String, ResetSpec> resets = new LinkedHashMap<>();
        for (Named<String, Fields> named : written) {
            Fields fields = named.value();
            int before = problems.count();
            ResetSpec spec = fields == null ? null : reader.reset(named, fields);
            if (spec != null && fields != null && fields.sound() && problems.count() == before) {
                resets.put(named.key(), spec);
            }
        }
        return resets;
    }

    private @Nullable ResetSpec reset(Named<String, Fields> named, Fields fields) {
        return fields.has(Reset.REGISTER) ? bit(named, fields) : sequences(named, fields);
    }

    private @Nullable ResetSpec bit(Named<String, Fields> named, Fields fields) {
        FieldRef bit = registers.written(fields, Reset.BIT, fields.what());
        boolean selfClearing = fields.get(Reset.SELF_CLEARING, false);
        Duration timeout = sequences.time(fields, Reset.TIMEOUT);
        if (!selfClearing && fields.has(Reset.TIMEOUT)) {
            problems.add(
                    fields.keyPlace("timeout"),
                    fields.what() + " has `timeout`, which goes only with `self-clearing: true`");
        }
        if (bit == null || timeout == null) {
            return null;
        }
        long asserted = fields.get(Reset.ASSERT, true) ? 1 : 0;
        SequenceStep set = new SequenceStep.Write(bit, asserted);
        SequenceStep clear = new SequenceStep.Write(bit, 1 - asserted);
        FieldValue state = new FieldValue(bit, asserted);
        if (selfClearing) {
            List<SequenceStep> whole = List.of(set, new SequenceStep.Poll(bit, 1 - asserted, timeout, INTERVAL));
            sequences.checkLength(whole, fields.place(Reset.TIMEOUT), fields.what());
            return spec(named, fields, List.of(), List.of(), whole, state);
        }
        return spec(named, fields, List.of(set), List.of(clear), held(List.of(set), List.of(clear), fields), state);
    }

    private @Nullable ResetSpec sequences(Named<String, Fields> named, Fields fields) {
        refuseKeysOfABit(fields);
        List<SequenceStep> onAssert = sequences.read(fields, Reset.ON_ASSERT);
        List<SequenceStep> onDeassert = sequences.read(fields, Reset.ON_DEASSERT);
        List<SequenceStep> onReset = sequences.read(fields, Reset.ON_RESET);
        if (fields.has(Reset.ON_RESET) && fields.has(Reset.HOLD)) {
            problems.add(
                    fields.keyPlace("hold"),
                    fields.what() + " has `hold` and `on-reset`; a `delay` in `on-reset` says how long");
        }
        Fields said = fields.get(Reset.STATE);
        FieldRef bit = said == null ? null : registers.read(said, State.BIT);
        FieldValue state =
                said == null || bit == null ? null : new FieldValue(bit, said.get(State.ASSERTED, true) ? 1 : 0);
        return spec(
                named,
                fields,
                onAssert,
                onDeassert,
                fields.has(Reset.ON_RESET) ? onReset : held(onAssert, onDeassert, fields),
                state);
    }

    /** What is said of a bit has no meaning where sequences drive the reset. */
    private void refuseKeysOfABit(Fields fields) {
        for (Key<?> key : List.of(Reset.ASSERT, Reset.SELF_CLEARING, Reset.TIMEOUT)) {
            if (fields.has(key) && fields.sound()) {
                problems.add(
                        fields.keyPlace(key.name()),
                        fields.what() + " has " + Problems.quote(key.name())
                                + ", which goes only with `register` and `bit`");
            }
        }
    }

    /** A whole reset that is made of asserting, holding and releasing. */
    private List<SequenceStep> held(List<SequenceStep> onAssert, List<SequenceStep> onDeassert, Fields fields) {
        List<SequenceStep> whole = new ArrayList<>(onAssert);
        Duration hold = sequences.time(fields, Reset.HOLD);
        if (hold != null) {
            whole.add(new SequenceStep.Delay(hold));
        }
        whole.addAll(onDeassert);
        sequences.checkLength(whole, fields.place(Reset.HOLD), fields.what());
        return whole;
    }

    private ResetSpec spec(
            Named<String, Fields> named,
            Fields fields,
            List<SequenceStep> onAssert,
            List<SequenceStep> onDeassert,
            List<SequenceStep> onReset,
            @Nullable FieldValue state) {
        return new ResetSpec(
                named.key(),
                onAssert,
                onDeassert,
                onReset,
                state,
                latencyMicros(fields),
                fields.get(Reset.ASYNCHRONOUS, false),
                named.place());
    }

    private long latencyMicros(Fields fields) {
        Duration latency = fields.get(Reset.LATENCY);
        if (latency == null) {
            return ResetSpec.LATENCY_UNKNOWN;
        }
        long micros = latency.toNanos() / 1000;
        if (micros >= ResetSpec.LATENCY_UNKNOWN) {
            problems.add(
                    fields.place(Reset.LATENCY),
                    "`latency` of " + fields.what() + " is more than SCMI can say, 4294967294 us");
        }
        return micros;
    }
}
