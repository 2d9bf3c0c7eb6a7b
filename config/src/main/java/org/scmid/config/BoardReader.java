// Turns the tree of a board file into a board, and checks what the shapes cannot.
package org.scmid.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.scmid.config.BoardShapes.Clock;
import org.scmid.config.BoardShapes.Divider;
import org.scmid.config.BoardShapes.DividerKind;
import org.scmid.config.BoardShapes.Gate;
import org.scmid.config.BoardShapes.HostAccess;
import org.scmid.config.BoardShapes.Mux;
import org.scmid.config.BoardShapes.Window;
import org.scmid.config.Values.BitRange;
import org.scmid.config.Values.Located;
import org.scmid.config.Values.Named;
import org.scmid.config.Values.Register;

/**
 * Turns the tree of a board file into a board, and checks what the shapes cannot. Reading goes on behind a problem; a
 * part that is wrong is left out, and what depends on it is not judged.
 */
final class BoardReader {
    /** A simulated window is memory of the service. */
    private static final long LARGEST_WINDOW = 256L << 20;

    private static final int WIDEST_FIELD = 32;
    private static final int WIDEST_REGISTER = 64;
    private static final int WIDEST_POWER = 5;
    private static final long LONGEST_ENABLE_DELAY_MICROS = 0xffff_ffffL;

    private final Problems problems;
    private final Map<String, Path> folders;
    private final FieldClaims claims = new FieldClaims();
    private final Set<String> windowNames = new HashSet<>();
    private final Map<String, WindowSpec> windows = new LinkedHashMap<>();

    /** Those of the windows whose address is given. */
    private final Map<String, WindowSpec> located = new LinkedHashMap<>();

    private final PllReader plls;
    private final ReadyReader readies;
    private final Map<String, ClockDraft> clocks = new LinkedHashMap<>();
    private final Map<String, PossibleRates> possible = new HashMap<>();

    /**
     * A clock while its surroundings are not checked yet.
     *
     * @param parents the parents with their places
     * @param sound whether everything said about it was right
     */
    private record ClockDraft(ClockSpec spec, List<Located<String>> parents, Place limits, boolean sound) {}

    private BoardReader(Problems problems, Map<String, Path> folders) {
        this.problems = problems;
        this.folders = folders;
        readies = new ReadyReader(this::located, problems);
        plls = new PllReader(new PllParts(), problems);
    }

    /**
     * Reads a board, with what its file includes and makes of templates.
     *
     * @param source the file
     * @param root its tree
     * @param problems takes everything that is wrong; if it took anything the board is not to be used
     * @throws ConfigException if an included file cannot be used; it has the other problems too
     */
    static @Nullable Board read(Includes.Source source, Node.Mapping root, Problems problems) throws ConfigException {
        Copies copies = new Copies(problems);
        Includes.Whole whole = Includes.read(source, root, problems, copies);
        Node.Mapping plain = Templates.applied(whole.root(), problems, copies);
        Value.Context context = Value.Context.of("the board file", root.place(), problems);
        Fields fields = BoardShapes.Root.SHAPE.read(plain, context);
        return fields == null ? null : new BoardReader(problems, whole.folders()).board(fields);
    }

    private Board board(Fields fields) {
        for (Named<String, Fields> window : fields.get(BoardShapes.Root.REGISTERS, List.of())) {
            windowNames.add(window.key());
            window(window);
        }
        WindowOverlap.checkAddresses(located.values(), problems);
        WindowOverlap.checkAccess(
                windows.values().stream()
                        .filter(window -> window.access() instanceof Access.File || !located.containsKey(window.name()))
                        .toList(),
                WindowSpec::place,
                problems);
        for (Named<String, Fields> clock : fields.get(BoardShapes.Root.CLOCKS, List.of())) {
            clock(clock);
        }
        checkTree(unknownParents());

        List<Named<String, Fields>> supplies = fields.get(BoardShapes.Root.VOLTAGE_DOMAINS, List.of());
        Map<String, VoltageDomainSpec> voltageDomains = VoltageReader.read(supplies, this::field, problems);
        Map<String, PerformanceDomainSpec> performanceDomains = PerformanceReader.read(
                fields.get(BoardShapes.Root.PERFORMANCE_DOMAINS, List.of()),
                new KnownClocks(),
                supplies.stream().map(Named::key).collect(Collectors.toSet()),
                voltageDomains,
                problems);

        Map<String, ClockSpec> specs = new LinkedHashMap<>();
        clocks.forEach((name, draft) -> specs.put(name, draft.spec));
        return new Board(
                fields.get(BoardShapes.Root.BOARD, ""),
                fields.get(BoardShapes.Root.DESCRIPTION, ""),
                Values.values(fields.get(BoardShapes.Root.COMPATIBLE, List.of())),
                BoardChoice.smbios(fields.get(BoardShapes.Root.SMBIOS, List.of())),
                windows,
                specs,
                PowerReader.read(
                        fields.get(BoardShapes.Root.POWER_DOMAINS, List.of()),
                        clocks.keySet(),
                        new FieldsOfSequences(),
                        problems),
                SensorReader.read(fields.get(BoardShapes.Root.SENSORS, List.of()), this::located, problems),
                ResetReader.read(fields.get(BoardShapes.Root.RESETS, List.of()), new FieldsOfSequences(), problems),
                voltageDomains,
                performanceDomains,
                fields.owner());
    }

    /** What performance domains must know of the clocks. */
    private final class KnownClocks implements PerformanceReader.Clocks {
        @Override
        public Set<String> names() {
            return clocks.keySet();
        }

        @Override
        public @Nullable ClockSpec clock(String name) {
            ClockDraft draft = clocks.get(name);
            return draft == null || !draft.sound ? null : draft.spec;
        }

        @Override
        public @Nullable PossibleRates possible(String name) {
            return possible.get(name);
        }
    }

    /** Fields that power domains and resets name, of any width that registers have. */
    private final class FieldsOfSequences implements RegisterFields {
        @Override
        public @Nullable FieldRef written(Fields part, Key<BitRange> bits, String owner) {
            return field(part, bits, WIDEST_REGISTER, owner, true);
        }

        @Override
        public @Nullable FieldRef read(Fields part, Key<BitRange> bits) {
            return located(part, bits, WIDEST_REGISTER);
        }
    }

    // Register windows

    private void window(Named<String, Fields> named) {
        Fields fields = named.value();
        int before = problems.count();
        if (fields == null || fields.get(Window.SIZE) == null || fields.get(Window.WIDTH) == null) {
            return;
        }
        Access access = access(fields.get(Window.ACCESS, new Access.Devmem()), folder(fields.place(Window.ACCESS)));
        long at = fields.get(Window.AT, 0L);
        long size = fields.get(Window.SIZE, 0L);
        int width = fields.get(Window.WIDTH, 32);
        int bytes = width / 8;
        String what = fields.what();

        String addressed = access.needingAddress();
        if (addressed != null && !fields.has(Window.AT)) {
            problems.add(
                    fields.owner(),
                    what + " lacks the key `at`: " + Window.AT.doc() + " `access: " + addressed + "` needs it");
        }
        if (at % bytes != 0) {
            problems.add(
                    fields.place(Window.AT),
                    "`at` of " + what + ": 0x" + Long.toHexString(at) + " is not a multiple of the register width, "
                            + bytes + " bytes");
        }
        if (size == 0 || size % bytes != 0) {
            problems.add(
                    fields.place(Window.SIZE),
                    "`size` of " + what + ": " + size + " bytes must be a multiple of the register width, " + bytes
                            + " bytes, and at least that");
        } else if (size > LARGEST_WINDOW) {
            problems.add(
                    fields.place(Window.SIZE),
                    "`size` of " + what + ": " + size
                            + " bytes is more than the 256 MiB that a window may have; describe only the part"
                            + " that has the registers");
        } else if (Long.compareUnsigned(at + size - 1, at) < 0) {
            problems.add(fields.place(Window.SIZE), what + " ends beyond the largest address, 0xffffffffffffffff");
        }
        long ones = -1L >>> (64 - width);
        long writeKey = fields.get(Window.WRITE_KEY, 0L);
        if ((writeKey & ~ones) != 0) {
            problems.add(
                    fields.place(Window.WRITE_KEY),
                    "`write-key` of " + what + ": 0x" + Long.toHexString(writeKey) + " does not fit a register of "
                            + width + " bits");
        }
        long shift = fields.get(Window.WRITE_MASK_SHIFT, -1L);
        if (shift >= width) {
            problems.add(
                    fields.place(Window.WRITE_MASK_SHIFT),
                    "`write-mask-shift` of " + what + ": " + shift + " must be less than the register width, " + width
                            + " bits");
        }
        SortedMap<Long, Long> initial = initial(fields, bytes, size, ones);
        WindowRules rules = RuleReader.read(fields, bytes, size, problems);
        if (fields.sound() && problems.count() == before) {
            WindowSpec window = new WindowSpec(
                    named.key(), access, at, size, width, writeKey, (int) shift, initial, rules, named.place());
            windows.put(named.key(), window);
            // At 0 a UIO window has no address of its own: it begins where a map of the device does.
            if (fields.has(Window.AT) && !(access instanceof Access.Uio && at == 0)) {
                located.put(named.key(), window);
            }
        }
    }

    private SortedMap<Long, Long> initial(Fields fields, int bytes, long size, long ones) {
        SortedMap<Long, Long> initial = new TreeMap<>();
        for (Named<Long, Long> entry : fields.get(Window.INITIAL, List.of())) {
            long offset = entry.key();
            Long value = entry.value();
            String what = "initial value at `0x" + Long.toHexString(offset) + "` of " + fields.what();
            if (offset % bytes != 0) {
                problems.add(entry.place(), what + " is not at a multiple of the register width, " + bytes + " bytes");
            } else if (offset > size - bytes) {
                problems.add(
                        entry.place(),
                        what + " is outside the window; the last register is at 0x" + Long.toHexString(size - bytes));
            }
            if (value != null && (value & ~ones) != 0) {
                problems.add(
                        entry.valuePlace(),
                        what + ": 0x" + Long.toHexString(value) + " does not fit a register of " + bytes * 8 + " bits");
            }
            if (value != null) {
                initial.put(offset, value);
            }
        }
        return initial;
    }

    /** What a relative path starts from that is written at this place. */
    private Path folder(Place place) {
        return folders.getOrDefault(place.file(), Path.of(""));
    }

    /** An access whose path starts from the folder of the file that names it. */
    static Access access(Access written, Path folder) {
        return switch (written) {
            case Access.File file -> new Access.File(folder.resolve(file.path()));
            case Access.Qtest qtest -> new Access.Qtest(folder.resolve(qtest.socket()));
            case Access.Devmem devmem -> devmem;
            case Access.Uio uio -> uio;
            case Access.Simulated simulated -> simulated;
        };
    }

    // Clocks

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
        List<Located<String>> parents = parents(fields);
        Fields factor = fields.get(Clock.FACTOR);
        Long fixed = fields.get(Clock.FIXED);
        ClockSpec spec = new ClockSpec(
                named.key(),
                Values.values(parents),
                fixed == null ? null : new FixedRate(fixed, fields.get(Clock.HOST_CLOCK), isWritable(fields)),
                factor == null ? null : new Factor(factor.get(Clock.MULTIPLY, 1L), factor.get(Clock.DIVIDE, 1L)),
                mux(fields.get(Clock.MUX), Values.values(parents)),
                divider(fields.get(Clock.DIVIDER)),
                plls.read(fields.get(Clock.PLL)),
                gate(fields.get(Clock.GATE)),
                limits(fields),
                fields.get(Clock.DESCRIBE, Describe.AUTO),
                fields.get(Clock.REPARENT, false),
                fields.get(Clock.SET_PARENT_RATE, false),
                enableDelayMicros(fields),
                named.place());
        checkSource(fields, parents);
        boolean sound = fields.sound() && problems.count() == before;
        clocks.put(named.key(), new ClockDraft(spec, parents, fields.keyPlace("rates"), sound));
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

    /** Parts of PLLs that other clocks have too. */
    private final class PllParts implements PllReader.Parts {
        @Override
        public @Nullable DividerSpec divider(@Nullable Fields divider) {
            return BoardReader.this.divider(divider);
        }

        @Override
        public @Nullable GateSpec gate(@Nullable Fields gate) {
            return BoardReader.this.gate(gate);
        }

        @Override
        public @Nullable ReadySpec ready(@Nullable Fields ready) {
            return readies.ready(ready);
        }

        @Override
        public @Nullable FieldRef written(Fields part, Key<BitRange> bits, int widest) {
            return field(part, bits, widest);
        }

        @Override
        public @Nullable FieldRef read(Fields part, Key<BitRange> bits, int widest) {
            return located(part, bits, widest);
        }
    }

    private @Nullable MuxSpec mux(@Nullable Fields mux, List<String> names) {
        int parents = names.size();
        if (mux == null) {
            return null;
        }
        FieldRef field = field(
                mux, mux.has(BoardShapes.Field.BITS) ? BoardShapes.Field.BITS : BoardShapes.Field.BIT, WIDEST_FIELD);
        if (parents == 0) {
            return null;
        }
        List<Long> values = rawValues(mux, Mux.VALUES, field, parents);
        if (values == null && mux.has(Mux.VALUES)) {
            return null;
        }
        List<Long> raw = values == null ? countUp(mux, field, parents) : values;
        MuxSpec.Status status = readies.status(
                mux.get(Mux.STATUS),
                (part, key, its) -> part.has(key) ? rawValues(part, key, its, parents) : raw,
                WIDEST_FIELD);
        return field == null ? null : new MuxSpec(field, raw, also(mux, field, raw, names), status);
    }

    /** 0, 1, 2 ..., one for each parent. */
    private List<Long> countUp(Fields mux, @Nullable FieldRef field, int parents) {
        List<Long> values = new ArrayList<>();
        for (long i = 0; i < parents; i++) {
            values.add(i);
        }
        if (field != null && Long.compareUnsigned(parents - 1L, field.max()) > 0) {
            problems.add(
                    mux.owner(),
                    mux.what() + " has " + bits(field.width()) + ", which select among " + (field.max() + 1)
                            + " parents at most; there are " + parents);
        }
        return values;
    }

    /** The raw values that were written, one for each parent; null if none were, or no list. */
    private @Nullable List<Long> rawValues(
            Fields part, Key<List<Located<Long>>> key, @Nullable FieldRef field, int parents) {
        List<Located<Long>> written = part.get(key);
        if (written == null) {
            return null;
        }
        String what = Problems.quote(key.name()) + " of " + part.what();
        List<Long> values = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (Located<Long> value : written) {
            values.add(value.value());
            if (!seen.add(value.value())) {
                problems.add(
                        value.place(),
                        what + " has " + value.value() + " twice; every parent needs a raw value of its own");
            }
            if (field != null && Long.compareUnsigned(value.value(), field.max()) > 0) {
                problems.add(
                        value.place(),
                        what + ": " + Long.toUnsignedString(value.value()) + " does not fit " + bits(field.width())
                                + "; the largest is " + field.max());
            }
        }
        if (values.size() != parents) {
            problems.add(
                    part.place(key),
                    what + " has " + count(values.size(), "value") + " for " + count(parents, "parent")
                            + "; give one for each, in the order of the parents");
        }
        return values;
    }

    /** Further raw values of a multiplexer, and the positions of the parents that they select. */
    private Map<Long, Integer> also(Fields mux, FieldRef field, List<Long> values, List<String> names) {
        Map<Long, Integer> also = new LinkedHashMap<>();
        for (Named<Long, String> item : mux.get(Mux.ALSO, List.of())) {
            String name = item.value();
            if (name == null) {
                continue; // it was not a text
            }
            String what = "`also` of " + mux.what();
            int position = names.indexOf(name);
            if (position < 0) {
                problems.add(
                        item.place(), what + " names " + Problems.quote(name) + ", which is none of its `parents`");
            }
            if (values.contains(item.key())) {
                problems.add(item.place(), what + " has " + item.key() + ", which `values` have already; remove one");
            }
            if (Long.compareUnsigned(item.key(), field.max()) > 0) {
                problems.add(
                        item.place(),
                        what + ": " + Long.toUnsignedString(item.key()) + " does not fit " + bits(field.width())
                                + "; the largest is " + field.max());
            }
            also.put(item.key(), Math.max(0, position));
        }
        return also;
    }

    private static String count(int n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }

    private static String bits(int n) {
        return count(n, "bit");
    }

    private @Nullable DividerSpec divider(@Nullable Fields divider) {
        if (divider == null) {
            return null;
        }
        DividerKind kind = divider.get(Divider.KIND);
        if (kind == null && divider.has(Divider.KIND)) {
            return null;
        }
        if (divider.has(Divider.INTEGER)) {
            return fractional(divider);
        }
        FieldRef field = field(
                divider,
                divider.has(BoardShapes.Field.BITS) ? BoardShapes.Field.BITS : BoardShapes.Field.BIT,
                kind == DividerKind.POWER_OF_TWO ? WIDEST_POWER : WIDEST_FIELD);
        if (divider.has(Divider.TABLE)) {
            return table(divider, field);
        }
        if (field == null || kind == null) {
            return null;
        }
        return switch (kind) {
            case LINEAR -> new DividerSpec.Linear(field);
            case ONE_BASED -> new DividerSpec.OneBased(field, divider.get(Divider.ZERO, DividerSpec.WhenZero.STOP));
            case POWER_OF_TWO -> new DividerSpec.PowerOfTwo(field);
            // Their keys are missing, which the rules of the shape have reported.
            case TABLE, FRACTIONAL -> null;
        };
    }

    private @Nullable DividerSpec table(Fields divider, @Nullable FieldRef field) {
        List<Named<Long, Long>> entries = divider.get(Divider.TABLE);
        if (entries == null || field == null) {
            return null;
        }
        if (entries.isEmpty() && divider.mapping(Divider.TABLE).isEmpty()) {
            problems.add(
                    divider.place(Divider.TABLE),
                    "`table` of " + divider.what()
                            + " is empty; give the divisor of each raw value, like `{0: 1, 1: 2}`");
        }
        SortedMap<Long, Long> divisors = new TreeMap<>();
        for (Named<Long, Long> entry : entries) {
            if (entry.key() > field.max()) {
                problems.add(
                        entry.place(),
                        "`table` of " + divider.what() + ": the raw value " + entry.key() + " does not fit "
                                + bits(field.width()) + "; the largest is " + field.max());
            }
            if (entry.value() != null) {
                divisors.put(entry.key(), entry.value());
            }
        }
        return divisors.isEmpty() ? null : new DividerSpec.Table(field, divisors);
    }

    private @Nullable DividerSpec fractional(Fields divider) {
        FieldRef integer = field(divider, Divider.INTEGER, WIDEST_FIELD);
        FieldRef fraction = field(divider, Divider.FRACTION, WIDEST_FIELD);
        if (integer == null || fraction == null) {
            return null;
        }
        if (integer.width() + fraction.width() > WIDEST_FIELD) {
            problems.add(
                    divider.place(Divider.INTEGER),
                    divider.what() + " has " + (integer.width() + fraction.width())
                            + " bits of integer and fraction; at most " + WIDEST_FIELD + " together are supported");
        }
        long least = divider.get(Divider.MIN, 1L);
        if (least > integer.max()) {
            problems.add(
                    divider.place(Divider.MIN),
                    "`min` of " + divider.what() + " does not fit " + bits(integer.width()) + "; the largest is "
                            + integer.max());
        }
        return new DividerSpec.Fractional(integer, fraction, least);
    }

    private @Nullable GateSpec gate(@Nullable Fields gate) {
        if (gate == null) {
            return null;
        }
        FieldRef field = field(gate, Gate.GATE_BIT, 1);
        ReadySpec ready = readies.ready(gate.get(Gate.READY));
        return field == null ? null : new GateSpec(field, gate.get(Gate.ENABLE, true), ready);
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

    // Fields of registers

    /** A field that is written: its bits are its alone. */
    private @Nullable FieldRef field(Fields part, Key<BitRange> bitsKey, int widest) {
        return field(part, bitsKey, widest, part.what(), false);
    }

    /** A field that is written: its bits are its owner's alone, who may name them again if it repeats. */
    private @Nullable FieldRef field(Fields part, Key<BitRange> bitsKey, int widest, String owner, boolean repeats) {
        int before = problems.count();
        FieldRef field = located(part, bitsKey, widest);
        WindowSpec window = field == null ? null : windows.get(field.window());
        if (field == null || window == null || problems.count() > before) {
            return field;
        }
        Place bitsPlace = part.place(bitsKey);
        String what = Problems.quote(bitsKey.name()) + " of " + part.what();
        checkWriteRules(field, window, bitsPlace, what);
        if (problems.count() == before) {
            FieldClaims.Claim earlier = claims.claim(new FieldClaims.Claim(field, owner, repeats, bitsPlace));
            if (earlier != null) {
                problems.add(
                        bitsPlace,
                        what + ": " + FieldClaims.shown(field) + " overlaps " + FieldClaims.shown(earlier.field())
                                + ", the " + earlier.owner() + " ("
                                + earlier.place().seenFrom(bitsPlace) + ")");
            }
        }
        return field;
    }

    /** A field that exists; enough for one that is only read. */
    private @Nullable FieldRef located(Fields part, Key<BitRange> bitsKey, int widest) {
        Register register = part.get(BoardShapes.Field.REGISTER);
        if (register == null) {
            register = part.get(BoardShapes.Field.REGISTER_IF_ANY);
        }
        BitRange bits = part.get(bitsKey);
        if (register == null) {
            return null;
        }
        Place registerPlace = part.place(BoardShapes.Field.REGISTER);
        WindowSpec window = windows.get(register.window());
        if (window == null) {
            if (!windowNames.contains(register.window())) {
                problems.add(
                        registerPlace,
                        "`register` of " + part.what() + ": there is no register window "
                                + Problems.quote(register.window())
                                + (windowNames.isEmpty()
                                        ? "; describe it under `registers`"
                                        : problems.didYouMean(register.window(), windowNames)));
            }
            return null;
        }
        int bytes = window.width() / 8;
        if (register.offset() % bytes != 0) {
            problems.add(
                    registerPlace,
                    "`register` of " + part.what() + ": offset 0x" + Long.toHexString(register.offset())
                            + " is not a multiple of the register width, " + bytes + " bytes");
        } else if (register.offset() > window.size() - bytes) {
            problems.add(
                    registerPlace,
                    "`register` of " + part.what() + ": offset 0x" + Long.toHexString(register.offset())
                            + " is outside the window " + Problems.quote(window.name())
                            + "; its last register is at 0x" + Long.toHexString(window.size() - bytes));
        }
        if (bits == null) {
            return null;
        }
        FieldRef field = new FieldRef(register.window(), register.offset(), bits.high(), bits.low(), registerPlace);
        Place bitsPlace = part.place(bitsKey);
        String what = Problems.quote(bitsKey.name()) + " of " + part.what();
        if (bits.high() >= window.width()) {
            problems.add(
                    bitsPlace,
                    what + ": bit " + bits.high() + " is beyond the " + window.width() + " bits of the registers of "
                            + Problems.quote(window.name()));
        } else if (field.width() > widest) {
            problems.add(
                    bitsPlace,
                    what + ": the field has " + bits(field.width()) + "; at most " + widest + " are supported here");
        }
        return field;
    }

    /** Bits that every write sets cannot be part of a field. */
    private void checkWriteRules(FieldRef field, WindowSpec window, Place place, String what) {
        RegisterRule rule = window.rules().of(field.offset());
        if (rule != null) {
            checkRule(field, window, rule, place, what);
        }
        if (rule != null && rule.plain()) {
            return;
        }
        if ((field.mask() & window.writeKey()) != 0) {
            problems.add(
                    place,
                    what + ": the field has bits of the window's `write-key` 0x" + Long.toHexString(window.writeKey())
                            + ", which every write sets");
        }
        int shift = window.writeMaskShift();
        if (shift >= 0 && (field.high() >= shift || field.high() + shift >= window.width())) {
            problems.add(
                    place,
                    what + ": bit " + field.high() + " has no bit in the write mask; with `write-mask-shift: " + shift
                            + "` fields are in bits " + (Math.min(shift, window.width() - shift) - 1) + "..0");
        }
    }

    private void checkRule(FieldRef field, WindowSpec window, RegisterRule rule, Place place, String what) {
        long fixed = field.mask() & (rule.writeZero() | rule.writeOne());
        if (fixed != 0) {
            problems.add(
                    place,
                    what + ": the field has the bits 0x" + Long.toHexString(fixed)
                            + ", which the register's rule always writes as "
                            + ((fixed & rule.writeZero()) != 0 ? "0" : "1"));
        }
        if (rule.setsAndClears() && field.width() > 1) {
            problems.add(
                    place,
                    what + ": the field has " + bits(field.width()) + ", but the register's rule has `set` and `clear`:"
                            + " these can change one bit only, as a field would have another value in between");
        }
        boolean isKey = window.rules().unlock().stream().anyMatch(key -> key.offset() == field.offset())
                || window.rules().relock().stream().anyMatch(key -> key.offset() == field.offset());
        if (isKey) {
            problems.add(place, what + ": the register is one of the window's `unlock` or `lock`, and holds no field");
        }
    }

    // The tree of clocks

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
        ClockOrder order = ClockOrder.of(parents);
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
