// Turns what a board file says about power domains into records, and checks what the shapes cannot.
package org.scmid.config.power;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.power.PowerShapes.Domain;
import org.scmid.config.power.PowerShapes.State;
import org.scmid.config.power.PowerShapes.Status;
import org.scmid.config.power.PowerShapes.Switch;
import org.scmid.config.register.FieldReader;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.register.FieldValue;
import org.scmid.config.resource.ParentOrder;
import org.scmid.config.sequence.SequenceReader;
import org.scmid.config.sequence.SequenceStep;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;

/** Turns what a board file says about power domains into records, and checks what the shapes cannot. */
public final class PowerReader {
    /** How often a status bit is looked at. */
    private static final Duration INTERVAL = Duration.ofNanos(50_000);

    private final Set<String> clocks;
    private final Map<String, String> feeders = new HashMap<>(); // domains by the clocks that stand in them
    private final FieldReader registers;
    private final SequenceReader sequences;
    private final Problems problems;

    private PowerReader(Set<String> clocks, FieldReader registers, Problems problems) {
        this.clocks = clocks;
        this.registers = registers;
        this.sequences = new SequenceReader(registers, problems);
        this.problems = problems;
    }

    /**
     * The power domains by name; those that are wrong are left out.
     *
     * @param clocks the names of all clocks, right or wrong
     */
    public static Map<String, PowerDomainSpec> read(
            List<Named<String, Fields>> written, Set<String> clocks, FieldReader registers, Problems problems) {
        PowerReader reader = new PowerReader(clocks, registers, problems);
        Map<String, PowerDomainSpec> domains = new LinkedHashMap<>();
        for (Named<String, Fields> named : written) {
            Fields fields = named.value();
            int before = problems.count();
            PowerDomainSpec spec = fields == null ? null : reader.domain(named, fields);
            if (spec != null && fields != null && fields.sound() && problems.count() == before) {
                domains.put(named.key(), spec);
            }
        }
        reader.checkParents(written);
        return domains;
    }

    private @Nullable PowerDomainSpec domain(Named<String, Fields> named, Fields fields) {
        List<String> needed = clocks(fields, Domain.CLOCKS);
        List<String> fed = clocks(fields, Domain.FEEDS);
        for (String clock : fed) {
            String other = feeders.putIfAbsent(clock, named.key());
            if (other != null) {
                problems.add(
                        fields.place(Domain.FEEDS),
                        "`feeds` of " + fields.what() + ": the clock " + Problems.quote(clock)
                                + " stands in power domain " + Problems.quote(other)
                                + " already; name the inner one, and make the other its parent");
            }
        }
        List<SequenceStep> turnOn = new ArrayList<>();
        List<SequenceStep> turnOff = new ArrayList<>();
        Fields toggle = fields.get(Domain.SWITCH);
        FieldValue on;
        if (toggle != null) {
            on = toggle(toggle, fields.what(), turnOn, turnOff);
        } else {
            turnOn.addAll(sequences.read(fields, Domain.TURN_ON));
            turnOff.addAll(sequences.read(fields, Domain.TURN_OFF));
            Fields state = fields.get(Domain.STATE);
            on = state == null ? null : state(state);
        }
        return on == null
                ? null
                : new PowerDomainSpec(
                        named.key(),
                        fields.get(Domain.PARENT),
                        needed,
                        fed,
                        fields.get(Domain.WHEN_IN_USE, WhenInUse.REFUSE),
                        turnOn,
                        turnOff,
                        on,
                        fields.get(Domain.CRITICAL, false),
                        named.place());
    }

    private List<String> clocks(Fields domain, Key<List<Located<String>>> key) {
        List<String> named = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Located<String> clock : domain.get(key, List.of())) {
            String what = Problems.quote(key.name()) + " of " + domain.what();
            if (!clocks.contains(clock.value())) {
                problems.add(
                        clock.place(),
                        what + ": there is no clock " + Problems.quote(clock.value())
                                + problems.didYouMean(clock.value(), clocks));
            } else if (!seen.add(clock.value())) {
                problems.add(
                        clock.place(), what + " has " + Problems.quote(clock.value()) + " twice; keep one of them");
            } else {
                named.add(clock.value());
            }
        }
        return named;
    }

    /** The sequences that a single bit stands for; what hardware says when the domain is on. */
    private @Nullable FieldValue toggle(
            Fields toggle, String owner, List<SequenceStep> turnOn, List<SequenceStep> turnOff) {
        FieldRef bit = registers.written(toggle, Switch.BIT, owner);
        Fields status = toggle.get(Switch.STATUS);
        FieldValue said = status == null ? null : bit(status, Status.BIT);
        Duration timeout = sequences.time(toggle, Switch.TIMEOUT);
        Duration settle = sequences.time(toggle, Switch.SETTLE);
        if (status == null && toggle.has(Switch.TIMEOUT)) {
            problems.add(
                    toggle.keyPlace("timeout"),
                    toggle.what() + " has `timeout` but no `status` that could say when it is done; for hardware that"
                            + " says nothing there is `settle`");
        }
        if (bit == null || (status != null && said == null) || timeout == null) {
            return null;
        }
        long on = toggle.get(Switch.ON, true) ? 1 : 0;
        turnOn.add(new SequenceStep.Write(bit, on));
        turnOff.add(new SequenceStep.Write(bit, 1 - on));
        if (said != null) {
            turnOn.add(new SequenceStep.Poll(said.field(), said.value(), timeout, INTERVAL));
            turnOff.add(new SequenceStep.Poll(said.field(), said.value() ^ 1, timeout, INTERVAL));
        }
        if (settle != null) {
            turnOn.add(new SequenceStep.Delay(settle));
            turnOff.add(new SequenceStep.Delay(settle));
        }
        sequences.checkLength(turnOn, toggle.place(Switch.TIMEOUT), toggle.what());
        return said != null ? said : new FieldValue(bit, on);
    }

    private @Nullable FieldValue state(Fields state) {
        if (state.has(FieldShapes.BITS)) {
            FieldRef field = registers.read(state, FieldShapes.BITS);
            Long value = sequences.value(state, State.VALUE, field);
            return field == null || value == null ? null : new FieldValue(field, value);
        }
        return bit(state, FieldShapes.BIT);
    }

    private @Nullable FieldValue bit(Fields state, Key<BitRange> key) {
        FieldRef bit = registers.read(state, key);
        return bit == null ? null : new FieldValue(bit, state.get(State.ON, true) ? 1 : 0);
    }

    private void checkParents(List<Named<String, Fields>> written) {
        Map<String, List<String>> parents = new LinkedHashMap<>();
        Map<String, Place> places = new LinkedHashMap<>();
        for (Named<String, Fields> named : written) {
            String parent = named.value() == null ? null : named.value().get(Domain.PARENT);
            parents.put(named.key(), parent == null ? List.of() : List.of(parent));
            if (parent != null && named.value() != null) {
                places.put(named.key(), named.value().place(Domain.PARENT));
            }
        }
        parents.forEach((name, its) -> {
            for (String parent : its) {
                if (!parents.containsKey(parent)) {
                    problems.add(
                            places.getOrDefault(name, written.getFirst().place()),
                            "power domain " + Problems.quote(name) + " has the unknown parent " + Problems.quote(parent)
                                    + problems.didYouMean(parent, others(name, parents.keySet())));
                }
            }
        });
        for (List<String> loop : ParentOrder.of(parents).loops()) {
            String first = loop.getFirst();
            problems.add(
                    places.getOrDefault(first, written.getFirst().place()),
                    loop.size() == 1
                            ? "power domain " + Problems.quote(first) + " is its own parent; name another domain"
                            : "the power domains form a loop, each with the next as its parent: "
                                    + String.join(
                                            " -> ",
                                            loop.stream()
                                                    .limit(10)
                                                    .map(Problems::quote)
                                                    .toList())
                                    + (loop.size() > 10 ? " -> ..." : "") + " -> " + Problems.quote(first));
        }
    }

    private static Set<String> others(String name, Set<String> names) {
        Set<String> others = new LinkedHashSet<>(names);
        others.remove(name);
        return others;
    }
}
