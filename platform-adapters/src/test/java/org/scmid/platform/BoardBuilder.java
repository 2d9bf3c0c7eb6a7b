// Boards for tests, written in the order of a board file.
package org.scmid.platform;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.Describe;
import org.scmid.config.clock.DividerSpec;
import org.scmid.config.clock.Factor;
import org.scmid.config.clock.FixedRate;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.clock.MuxSpec;
import org.scmid.config.clock.PllSpec;
import org.scmid.config.clock.RateLimits;
import org.scmid.config.document.Place;
import org.scmid.config.performance.PerformanceDomainSpec;
import org.scmid.config.performance.PerformanceLevelSpec;
import org.scmid.config.register.Access;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.WindowSpec;
import org.scmid.config.upstream.Upstreams;
import org.scmid.config.voltage.VoltageDomainSpec;
import org.scmid.config.voltage.VoltageLevels;

/** Builds a board with one window, {@code cru}, of 32-bit registers. */
public final class BoardBuilder {
    public static final Place PLACE = new Place("test.yaml", 1, 1);
    public static final String WINDOW = "cru";

    private final Map<String, ClockSpec> clocks = new LinkedHashMap<>();
    private final Map<String, VoltageDomainSpec> voltageDomains = new LinkedHashMap<>();
    private final Map<String, PerformanceDomainSpec> performanceDomains = new LinkedHashMap<>();
    private final SortedMap<Long, Long> initial = new TreeMap<>();
    private long size = 0x1000;
    private long writeKey;
    private int writeMaskShift = -1;
    private Access access = new Access.Simulated();

    public static FieldRef bits(long offset, int high, int low) {
        return new FieldRef(WINDOW, offset, high, low, PLACE);
    }

    public static WindowSpec window(Access access, long at, long size, int width, SortedMap<Long, Long> initial) {
        return new WindowSpec(WINDOW, access, at, size, width, 0, -1, initial, PLACE);
    }

    public BoardBuilder size(long bytes) {
        size = bytes;
        return this;
    }

    public BoardBuilder initial(long offset, long value) {
        initial.put(offset, value);
        return this;
    }

    public BoardBuilder writeKey(long key) {
        writeKey = key;
        return this;
    }

    public BoardBuilder writeMaskShift(int shift) {
        writeMaskShift = shift;
        return this;
    }

    public BoardBuilder file(Path path) {
        access = new Access.File(path);
        return this;
    }

    public BoardBuilder fixed(String name, long hz) {
        return clock(name).fixed(hz).add();
    }

    public Node clock(String name, String... parents) {
        return new Node(name, List.of(parents));
    }

    /** A supply with single levels; those have the raw values 0, 1, 2 ... in the field. */
    public BoardBuilder supply(String name, FieldRef level, @Nullable FieldRef enable, long settle, Integer... levels) {
        List<Long> raws = LongStream.range(0, levels.length).boxed().toList();
        return supply(name, new VoltageLevels.Listed(List.of(levels), raws), level, enable, settle);
    }

    public BoardBuilder supply(
            String name, VoltageLevels levels, FieldRef level, @Nullable FieldRef enable, long settleMicros) {
        GateSpec gate = enable == null ? null : new GateSpec(enable, true);
        voltageDomains.put(name, new VoltageDomainSpec(name, levels, level, gate, settleMicros, false, false, PLACE));
        return this;
    }

    /** A performance domain of the same name as its clock. */
    public BoardBuilder performance(String clock, @Nullable String supply, PerformanceLevelSpec... levels) {
        performanceDomains.put(
                clock,
                new PerformanceDomainSpec(clock, clock, supply, List.of(levels), levels.length - 1, false, 0, PLACE));
        return this;
    }

    public Board build() {
        WindowSpec window = new WindowSpec(WINDOW, access, 0, size, 32, writeKey, writeMaskShift, initial, PLACE);
        return new Board(
                "test",
                "",
                List.of(),
                List.of(),
                Map.of(WINDOW, window),
                clocks,
                Map.of(),
                Map.of(),
                Map.of(),
                voltageDomains,
                performanceDomains,
                Upstreams.NONE,
                PLACE);
    }

    /** One clock. */
    public final class Node {
        private final String name;
        private final List<String> parents;
        private @Nullable FixedRate fixed;
        private @Nullable Factor factor;
        private @Nullable MuxSpec mux;
        private @Nullable DividerSpec divider;
        private @Nullable PllSpec pll;
        private @Nullable GateSpec gate;
        private RateLimits limits = RateLimits.NONE;
        private Describe describe = Describe.AUTO;
        private boolean reparent;
        private boolean setParentRate;

        Node(String name, List<String> parents) {
            this.name = name;
            this.parents = parents;
        }

        public Node fixed(long hz) {
            fixed = new FixedRate(hz);
            return this;
        }

        public Node factor(long multiply, long divide) {
            factor = new Factor(multiply, divide);
            return this;
        }

        public Node mux(FieldRef field, long... values) {
            List<Long> all = new ArrayList<>();
            (values.length > 0 ? LongStream.of(values) : LongStream.range(0, parents.size())).forEach(all::add);
            mux = new MuxSpec(field, all);
            return this;
        }

        /** Further raw values of the multiplexer, and the position of the parent that each selects. */
        public Node also(Map<Long, Integer> raw) {
            MuxSpec before = Objects.requireNonNull(mux);
            mux = new MuxSpec(before.field(), before.values(), raw, before.status());
            return this;
        }

        public Node divider(DividerSpec spec) {
            divider = spec;
            return this;
        }

        public Node pll(PllSpec spec) {
            pll = spec;
            return this;
        }

        public Node linear(FieldRef field) {
            return divider(new DividerSpec.Linear(field));
        }

        public Node gate(FieldRef field) {
            gate = new GateSpec(field, true);
            return this;
        }

        public Node gateLow(FieldRef field) {
            gate = new GateSpec(field, false);
            return this;
        }

        public Node limits(long min, long max) {
            limits = new RateLimits(min, max);
            return this;
        }

        public Node describe(Describe how) {
            describe = how;
            return this;
        }

        public Node reparent() {
            reparent = true;
            return this;
        }

        public Node reparent(boolean may) {
            reparent = may;
            return this;
        }

        public Node setParentRate() {
            setParentRate = true;
            return this;
        }

        public Node setParentRate(boolean may) {
            setParentRate = may;
            return this;
        }

        public BoardBuilder add() {
            clocks.put(
                    name,
                    new ClockSpec(
                            name,
                            parents,
                            fixed,
                            factor,
                            mux,
                            divider,
                            pll,
                            gate,
                            limits,
                            describe,
                            reparent,
                            setParentRate,
                            0,
                            false,
                            PLACE));
            return BoardBuilder.this;
        }
    }
}
