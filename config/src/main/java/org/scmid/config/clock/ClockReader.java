// Reads the clocks of a board, and checks what the shapes cannot: each clock, and the tree that they are.
package org.scmid.config.clock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.ClockShapes.Clock;
import org.scmid.config.clock.ClockShapes.HostAccess;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Units;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.OfferedRates;
import org.scmid.config.register.FieldReader;
import org.scmid.config.resource.ParentOrder;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;
import org.scmid.config.upstream.Origin;
import org.scmid.config.upstream.UpstreamShapes;

/** Reads the clocks of a board, and checks what the shapes cannot: each clock, and the tree that they are. */
public final class ClockReader {
    private static final long LONGEST_ENABLE_DELAY_MICROS = 0xffff_ffffL;

    private final Map<String, Origin> remote;
    private final Problems problems;
    private final MuxReader muxes;
    private final DividerReader dividers;
    private final GateReader gates;
    private final PllReader plls;
    private final Map<String, ClockDraft> clocks = new LinkedHashMap<>();
    private final Map<String, PossibleRates> possible = new HashMap<>();

    /**
     * A clock while its surroundings are not checked yet.
     *
     * @param parents the parents with their places
     * @param sound whether everything said about it was right
     */
    private record ClockDraft(ClockSpec spec, List<Located<String>> parents, Place limits, boolean sound) {}

    /**
     * The clocks of a board.
     *
     * @param all those that the file describes, in its order; for one that cannot be understood stands one of which nothing
     *     is known
     * @param sound those of which everything said was right
     * @param possible what rates they can have, of those of which it is known
     */
    public record Clocks(
            Map<String, ClockSpec> all, Map<String, ClockSpec> sound, Map<String, PossibleRates> possible) {}

    private ClockReader(FieldReader fields, Map<String, Origin> remote, Problems problems) {
        this.remote = remote;
        this.problems = problems;
        ReadyReader readies = new ReadyReader(fields, problems);
        muxes = new MuxReader(fields, readies, problems);
        dividers = new DividerReader(fields, problems);
        gates = new GateReader(fields, readies);
        plls = new PllReader(fields, dividers, gates, readies, problems);
    }

    /**
     * Reads clocks; those that are wrong are among them, and the problems say so.
     *
     * @param remote whose those are that are other platforms'
     */
    public static Clocks read(
            List<Named<String, Fields>> written, FieldReader fields, Map<String, Origin> remote, Problems problems) {
        ClockReader reader = new ClockReader(fields, remote, problems);
        written.forEach(reader::clock);
        reader.checkTree(reader.unknownParents());
        Map<String, ClockSpec> all = new LinkedHashMap<>();
        Map<String, ClockSpec> sound = new LinkedHashMap<>();
        reader.clocks.forEach((name, draft) -> {
            all.put(name, draft.spec);
            if (draft.sound) {
                sound.put(name, draft.spec);
            }
        });
        return new Clocks(all, sound, reader.possible);
    }

    private void clock(Named<String, Fields> named) {
        Fields fields = named.value();
        int before = problems.count();
        if (fields == null) {
            ClockSpec nothing = new ClockSpec(
                    named.key(),
                    List.of(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    RateLimits.NONE,
                    Describe.AUTO,
                    false,
                    false,
                    0,
                    named.place());
            clocks.put(named.key(), new ClockDraft(nothing, List.of(), named.place(), false));
            return;
        }
        Origin origin = remote.get(named.key());
        if (fields.has(UpstreamShapes.FROM)) {
            // One whose origin is not known was complained of.
            ClockSpec spec = remote(named, fields, origin);
            boolean sound = origin != null && fields.sound() && problems.count() == before;
            clocks.put(named.key(), new ClockDraft(spec, List.of(), fields.keyPlace("rates"), sound));
            return;
        }
        List<Located<String>> parents = parents(fields);
        Fields factor = fields.get(Clock.FACTOR);
        Long fixed = fields.get(Clock.FIXED);
        ClockSpec spec = new ClockSpec(
                named.key(),
                Values.values(parents),
                fixed == null ? null : new FixedRate(fixed, fields.get(Clock.HOST_CLOCK), isWritable(fields)),
                factor == null ? null : new Factor(factor.get(Clock.MULTIPLY, 1L), factor.get(Clock.DIVIDE, 1L)),
                muxes.read(fields.get(Clock.MUX), Values.values(parents)),
                dividers.read(fields.get(Clock.DIVIDER)),
                plls.read(fields.get(Clock.PLL)),
                gates.read(fields.get(Clock.GATE)),
                limits(fields),
                fields.get(Clock.DESCRIBE, Describe.AUTO),
                fields.get(Clock.REPARENT, false),
                fields.get(Clock.SET_PARENT_RATE, false),
                enableDelayMicros(fields),
                fields.get(Clock.CRITICAL, false),
                named.place());
        checkSource(fields, parents);
        boolean sound = fields.sound() && problems.count() == before;
        clocks.put(named.key(), new ClockDraft(spec, parents, fields.keyPlace("rates"), sound));
    }

    /** A clock of another platform, which is a root here. */
    private ClockSpec remote(Named<String, Fields> named, Fields fields, @Nullable Origin origin) {
        ClockOffer offer = origin != null && origin.offer() instanceof ClockOffer known ? known : null;
        return new ClockSpec(
                named.key(),
                List.of(),
                origin == null ? new FixedRate(1) : new FixedRate(takenFor(offer), origin),
                null,
                null,
                null,
                null,
                null,
                limits(fields),
                fields.get(Clock.DESCRIBE, Describe.AUTO),
                false,
                false,
                offer == null ? 0 : offer.enableDelayMicros(),
                fields.get(Clock.CRITICAL, false),
                named.place());
    }

    /** What the rate is taken for until it was read: the highest that it can have, which is safe for what runs from it. */
    private static long takenFor(@Nullable ClockOffer offer) {
        long highest = switch (offer == null ? null : offer.rates()) {
            case OfferedRates.Listed some -> some.hz().getLast();
            case OfferedRates.Range range -> range.highest();
            case null -> 1;
        };
        return highest < 0 ? Long.MAX_VALUE : Math.max(1, highest);
    }

    private List<Located<String>> parents(Fields fields) {
        String parent = fields.get(Clock.PARENT);
        List<Located<String>> parents = parent == null
                ? fields.get(Clock.PARENTS, List.of())
                : List.of(new Located<>(parent, fields.place(Clock.PARENT)));
        Set<String> seen = new HashSet<>();
        for (Located<String> item : parents) {
            if (!seen.add(item.value())) {
                problems.add(
                        item.place(),
                        fields.what() + " lists the parent " + Problems.quote(item.value())
                                + " twice; list it once, and give `values` if raw values are left out");
            }
        }
        return parents;
    }

    /** A clock is a root with a fixed rate, or has one parent, or has several and a mux. */
    private void checkSource(Fields fields, List<Located<String>> parents) {
        String what = fields.what();
        boolean hasParents = fields.has(Clock.PARENT) || fields.has(Clock.PARENTS);
        if (fields.has(Clock.FIXED)) {
            if (hasParents) {
                problems.add(
                        fields.keyPlace("fixed"),
                        what + " has `fixed` and a parent; a fixed rate is for a clock without parents, remove one");
            } else if (fields.has(Clock.FACTOR)) {
                problems.add(
                        fields.keyPlace("factor"),
                        what + " has `fixed` and `factor`; write the resulting rate as `fixed`");
            }
            Long hz = fields.get(Clock.FIXED);
            if (hz != null && hz == 0) {
                problems.add(
                        fields.place(Clock.FIXED),
                        "`fixed` of " + what
                                + ": a rate of 0 must be at least 1 Hz; leave the clock out if it never runs");
            }
            checkHostAccess(fields, what);
        } else if (fields.has(Clock.HOST_CLOCK)) {
            problems.add(
                    fields.keyPlace("host-clock"),
                    what + " has `host-clock` but lacks `fixed`: the rate that it has until it was read, and with"
                            + " `--simulate`");
        } else if (!hasParents) {
            problems.add(
                    fields.owner(),
                    what + " has no source; give it `fixed: RATE`, or `parent: CLOCK`, or `parents` and a `mux`");
        }
        if (fields.get(Clock.PARENTS) != null && parents.isEmpty() && !fields.has(Clock.PARENT)) {
            problems.add(fields.place(Clock.PARENTS), "`parents` of " + what + " is empty; name at least one clock");
        }
        if (parents.size() > 1 && !fields.has(Clock.MUX)) {
            problems.add(
                    fields.keyPlace("parents"),
                    what + " has " + parents.size() + " parents but no `mux` that selects one");
        }
        if (fields.has(Clock.MUX) && !hasParents) {
            problems.add(fields.keyPlace("mux"), what + " has a `mux` but no `parents` that it could select");
        }
        if (fields.get(Clock.REPARENT, false) && !fields.has(Clock.MUX)) {
            problems.add(
                    fields.keyPlace("reparent"),
                    what + " has `reparent: true` but no `mux`, so no parent to change to");
        }
        if (fields.get(Clock.SET_PARENT_RATE, false) && !hasParents) {
            problems.add(fields.keyPlace("set-parent-rate"), what + " has `set-parent-rate: true` but no parent");
        }
        if (fields.has(Clock.PLL)) {
            checkPll(fields);
        }
    }

    private void checkPll(Fields fields) {
        String what = fields.what();
        if (fields.has(Clock.FIXED)) {
            problems.add(
                    fields.keyPlace("pll"),
                    what + " has `fixed` and `pll`; a PLL needs a parent, describe the fixed clock as that");
        }
        if (fields.get(Clock.SET_PARENT_RATE, false)) {
            problems.add(
                    fields.keyPlace("set-parent-rate"),
                    what
                            + " has `pll` and `set-parent-rate: true`; a PLL makes its rates of the parent's rate as it is,"
                            + " give it to the clocks that run from the PLL");
        }
    }

    private static boolean isWritable(Fields clock) {
        return clock.get(Clock.HOST_ACCESS, HostAccess.READ) == HostAccess.WRITE;
    }

    /** What agents may do to the host needs a bound. */
    private void checkHostAccess(Fields clock, String what) {
        if (clock.has(Clock.HOST_ACCESS) && !clock.has(Clock.HOST_CLOCK)) {
            problems.add(
                    clock.keyPlace("host-access"), what + " has `host-access` but no `host-clock` that it is about");
        } else if (isWritable(clock) && limits(clock).max() == Long.MAX_VALUE) {
            problems.add(
                    clock.keyPlace("host-access"),
                    what + " has `host-access: write`, which needs `rates: { max: RATE }`: the highest rate that agents"
                            + " may ask of the host");
        }
    }

    private RateLimits limits(Fields clock) {
        Fields rates = clock.get(Clock.RATES);
        if (rates == null) {
            return RateLimits.NONE;
        }
        long min = rates.get(Clock.MIN, 0L);
        long max = rates.get(Clock.MAX, Long.MAX_VALUE);
        if (min > max) {
            problems.add(
                    rates.place(Clock.MIN),
                    rates.what() + ": `min` " + Units.showRate(min) + " is more than `max` " + Units.showRate(max));
        }
        return new RateLimits(min, max);
    }

    private long enableDelayMicros(Fields clock) {
        var delay = clock.get(Clock.ENABLE_DELAY);
        if (delay == null) {
            return 0;
        }
        long micros = delay.toNanos() / 1000;
        if (micros > LONGEST_ENABLE_DELAY_MICROS) {
            problems.add(
                    clock.place(Clock.ENABLE_DELAY),
                    "`enable-delay` of " + clock.what() + " is more than SCMI can say, 4294967295 us");
        }
        return micros;
    }

    /** Reports parents that do not exist; the clocks that have one. */
    private Set<String> unknownParents() {
        Set<String> orphans = new HashSet<>();
        clocks.forEach((name, draft) -> {
            for (Located<String> parent : draft.parents) {
                if (!clocks.containsKey(parent.value())) {
                    orphans.add(name);
                    problems.add(
                            parent.place(),
                            "clock " + Problems.quote(name) + " has the unknown parent "
                                    + Problems.quote(parent.value())
                                    + problems.didYouMean(parent.value(), clocks.keySet()));
                }
            }
        });
        return orphans;
    }

    private void checkTree(Set<String> orphans) {
        Map<String, List<String>> parents = new LinkedHashMap<>();
        clocks.forEach((name, draft) -> parents.put(name, draft.spec.parents()));
        ParentOrder order = ParentOrder.of(parents);
        for (List<String> loop : order.loops()) {
            reportLoop(loop);
        }
        for (String name : order.parentsFirst()) {
            ClockDraft draft = clocks.get(name);
            if (draft == null || !draft.sound || orphans.contains(name)) {
                continue;
            }
            List<PossibleRates> sources = new ArrayList<>();
            for (String parent : draft.spec.parents()) {
                PossibleRates source = possible.get(parent);
                if (source != null) {
                    sources.add(source);
                }
            }
            if (sources.size() == draft.spec.parents().size()) {
                PossibleRates rates = PossibleRates.of(draft.spec, sources);
                if (!rates.isAny()) {
                    reportNoOscillation(draft, sources);
                    continue;
                }
                possible.put(name, rates);
                if (!PossibleRates.meetsLimits(draft.spec, sources)) {
                    reportImpossible(draft, rates);
                }
            }
        }
    }

    private void reportLoop(List<String> loop) {
        ClockDraft first = clocks.get(loop.getFirst());
        String next = loop.get(loop.size() > 1 ? 1 : 0);
        if (first == null) {
            return;
        }
        Place place = first.parents.stream()
                .filter(parent -> parent.value().equals(next))
                .findFirst()
                .map(Located::place)
                .orElse(first.spec.place());
        StringBuilder shown = new StringBuilder();
        loop.stream()
                .limit(10)
                .forEach(name -> shown.append(Problems.quote(name)).append(" -> "));
        if (loop.size() > 10) {
            shown.append("... -> ");
        }
        shown.append(Problems.quote(loop.getFirst()));
        problems.add(
                place,
                loop.size() == 1
                        ? "clock " + Problems.quote(loop.getFirst()) + " is its own parent; name another clock"
                        : "the clocks form a loop, each with the next as its parent: " + shown);
    }

    private void reportNoOscillation(ClockDraft draft, List<PossibleRates> sources) {
        PllSpec pll = draft.spec.pll();
        if (pll == null || sources.isEmpty()) {
            return;
        }
        double lowest =
                sources.stream().mapToDouble(PossibleRates::lowest).min().orElse(0);
        double highest =
                sources.stream().mapToDouble(PossibleRates::highest).max().orElse(0);
        String from =
                lowest == highest ? Units.showRate(lowest) : Units.showRate(lowest) + " to " + Units.showRate(highest);
        problems.add(
                pll.place(),
                "`pll` of clock " + Problems.quote(draft.spec.name())
                        + ": no setting keeps the loop within `input` and `vco`; its parent gives " + from);
    }

    private void reportImpossible(ClockDraft draft, PossibleRates rates) {
        RateLimits limits = draft.spec.rates();
        String wanted = limits.max() == Long.MAX_VALUE
                ? "of at least " + Units.showRate(limits.min())
                : limits.min() == 0
                        ? "of at most " + Units.showRate(limits.max())
                        : "from " + Units.showRate(limits.min()) + " to " + Units.showRate(limits.max());
        String can = rates.lowest() == rates.highest()
                ? "it always has " + Units.showRate(rates.lowest())
                : "its rates are between " + Units.showRate(rates.lowest()) + " and " + Units.showRate(rates.highest());
        problems.add(
                draft.limits,
                "`rates` of clock " + Problems.quote(draft.spec.name()) + ": no setting gives a rate " + wanted + "; "
                        + can);
    }
}
