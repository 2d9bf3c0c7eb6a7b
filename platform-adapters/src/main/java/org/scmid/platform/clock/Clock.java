// One clock of the tree, as its registers have it now.
package org.scmid.platform.clock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.Describe;
import org.scmid.config.clock.MuxSpec;
import org.scmid.config.clock.RateLimits;
import org.scmid.platform.register.RegisterField;
import org.scmid.platform.register.Windows;

/**
 * One clock: a root of fixed rate, or a parent's rate passed through multiplexer, factor, divider or phase-locked loop,
 * and gate, in this order and each of them optional.
 *
 * <p>Rate, parent and gate are read from the registers each time they are asked for; nothing is remembered. A clock is
 * changed through its {@link ClockTree}. Like the tree it belongs to one thread.
 */
public final class Clock {
    /** No position in the list of parents. */
    public static final int NONE = -1;

    private final int index;
    private final String name;
    private final List<Clock> parents = new ArrayList<>();
    private final List<Clock> children = new ArrayList<>();
    private final List<Clock> parentsView = Collections.unmodifiableList(parents);
    private final List<Clock> childrenView = Collections.unmodifiableList(children);
    private final boolean isRoot;
    private final boolean isForeign;
    private long rootHz;
    private final long multiply;
    private final long divide;
    private final @Nullable RegisterField mux;
    private final long[] muxValues;
    private final @Nullable Ready muxStatus;
    private final long[] muxStatusValues;
    private final long[] alsoRaw;
    private final int[] alsoPosition;
    private final @Nullable Divider divider;
    private final @Nullable Pll pll;
    private final @Nullable RegisterField gate;
    private final long gateOn;
    private final @Nullable Ready ready;
    private final RateLimits limits;
    private final Describe describe;
    private final boolean reparent;
    private final boolean setParentRate;
    private final long enableDelayMicros;
    private final Ratio scratch = new Ratio();
    private @Nullable ForeignRoot foreign;
    private final Pll.Setting present = new Pll.Setting();

    /** What the tree keeps for each of its clocks. */
    final TreeState state = new TreeState();

    Clock(int index, ClockSpec spec, Windows windows) {
        this.index = index;
        name = spec.name();
        isRoot = spec.fixed() != null;
        isForeign = spec.fixed() != null
                && (spec.fixed().isWritable() || spec.fixed().origin() != null);
        rootHz = spec.fixed() == null ? 0 : spec.fixed().hz();
        multiply = spec.factor() == null ? 1 : spec.factor().multiply();
        divide = spec.factor() == null ? 1 : spec.factor().divide();
        mux = spec.mux() == null ? null : windows.field(spec.mux().field());
        muxValues = spec.mux() == null
                ? new long[0]
                : spec.mux().values().stream().mapToLong(Long::longValue).toArray();
        MuxSpec.Status status = spec.mux() == null ? null : spec.mux().status();
        muxStatus = Ready.of(status, "the parent of clock " + name, windows);
        muxStatusValues = status == null
                ? new long[0]
                : status.values().stream().mapToLong(Long::longValue).toArray();
        Map<Long, Integer> also = spec.mux() == null ? Map.of() : spec.mux().also();
        alsoRaw = also.keySet().stream().mapToLong(Long::longValue).toArray();
        alsoPosition = also.values().stream().mapToInt(Integer::intValue).toArray();
        divider = spec.divider() == null ? null : Divider.of(spec.divider(), windows);
        pll = spec.pll() == null ? null : new Pll(name, spec.pll(), windows);
        gate = spec.gate() == null ? null : windows.field(spec.gate().field());
        gateOn = spec.gate() == null || spec.gate().enableHigh() ? 1 : 0;
        ready = spec.gate() == null ? null : Ready.of(spec.gate().ready(), "clock " + name, windows);
        limits = spec.rates();
        describe = spec.describe();
        reparent = spec.reparent();
        setParentRate = spec.setParentRate();
        enableDelayMicros = spec.enableDelayMicros();
    }

    /** Makes another clock a possible parent, at the next position. */
    void addParent(Clock parent) {
        if (!parents.contains(parent)) {
            parent.children.add(this);
        }
        parents.add(parent);
    }

    /** Its position in the board file, from 0. */
    public int index() {
        return index;
    }

    /** Its name in the board file. */
    public String name() {
        return name;
    }

    /** The clocks it can run from, in the board file's order; empty for a root. */
    public List<Clock> parents() {
        return parentsView;
    }

    /** The clocks that can run from it, whether they do or not, in the board file's order. */
    public List<Clock> children() {
        return childrenView;
    }

    /**
     * Which of its {@link #parents} it runs from now.
     *
     * @return a position in the list; {@link #NONE} for a root, or if the multiplexer holds a value that selects none
     */
    public int parentPosition() {
        if (mux == null) {
            return parents.isEmpty() ? NONE : 0;
        }
        long raw = mux.read();
        for (int i = 0; i < muxValues.length; i++) {
            if (muxValues[i] == raw) {
                return i;
            }
        }
        for (int i = 0; i < alsoRaw.length; i++) {
            if (alsoRaw[i] == raw) {
                return alsoPosition[i];
            }
        }
        return NONE;
    }

    /** The clock it runs from now; null for a root, or if the multiplexer selects none. */
    public @Nullable Clock parent() {
        int position = parentPosition();
        return position == NONE ? null : parents.get(position);
    }

    /** Whether it has a multiplexer, so that {@link ClockTree#setParent} can change its parent. */
    public boolean hasMux() {
        return mux != null;
    }

    /** Whether it is a root: no register makes its rate. */
    public boolean isFixed() {
        return isRoot;
    }

    /** The rate of a root, in Hz. */
    long rootHz() {
        return rootHz;
    }

    /** Sets and switches a root that is somebody else's clock; null if it is none, or may not be set. */
    @Nullable
    ForeignRoot foreign() {
        return foreign;
    }

    void setForeign(ForeignRoot root) {
        foreign = root;
    }

    /** A root that is somebody else's clock has another rate. */
    void setRootHz(long hz) {
        rootHz = hz;
    }

    /**
     * The rate that it has, or would have if it were enabled.
     *
     * @return Hz, rounded down; 0 if it has no parent or a divider stands still
     */
    public long rate() {
        return exactRate(scratch).floor();
    }

    /**
     * Whether it runs: it has a parent or is a root, its own gate is open, and the same holds for every clock up to the
     * root.
     */
    public boolean enabled() {
        for (Clock clock = this; clock.isGateOpen(); ) {
            if (clock.isFixed()) {
                return true;
            }
            Clock parent = clock.parent();
            if (parent == null) {
                return false;
            }
            clock = parent;
        }
        return false;
    }

    /**
     * Whether its own gate lets it run, and its phase-locked loop is on or bypassed; true for a clock with neither gate
     * nor loop.
     */
    public boolean isGateOpen() {
        return (gate == null || gate.read() == gateOn)
                && (pll == null || pll.hasOutput())
                && (foreign == null || foreign.runs());
    }

    /** Whether it has a gate of its own, or a phase-locked loop that can be switched off. */
    public boolean hasGate() {
        return gate != null || (pll != null && pll.hasEnable()) || foreign != null;
    }

    /** Whether it has a phase-locked loop. */
    public boolean hasPll() {
        return pll != null;
    }

    /** The rates that agents may ask for. */
    public RateLimits limits() {
        return limits;
    }

    /** Microseconds that it needs from enable to a stable output; 0 if unknown. */
    public long enableDelayMicros() {
        return enableDelayMicros;
    }

    /** How many users hold it, by {@link ClockTree#acquire}; clocks that run from it are not counted. */
    public int users() {
        return state.users;
    }

    /** How many clocks in use run from it. */
    public int usedByClocks() {
        return state.usedByClocks;
    }

    /** Whether it is in use and counted at a clock that it runs from; no register is read. */
    public boolean isHolding(Clock parent) {
        return state.held == parent;
    }

    /** Whether it has a user, or a clock in use runs from it. */
    public boolean isInUse() {
        return state.inUse();
    }

    @Override
    public String toString() {
        return name;
    }

    Describe describe() {
        return describe;
    }

    boolean mayReparent() {
        return reparent && mux != null;
    }

    boolean maySetParentRate() {
        return setParentRate;
    }

    boolean isLimited() {
        return limits.min() > 0 || limits.max() < Long.MAX_VALUE;
    }

    @Nullable
    Divider divider() {
        return divider;
    }

    /** The multiplexer's field; only for a clock that has one. */
    RegisterField mux() {
        if (mux == null) {
            throw new IllegalStateException(name + " has no multiplexer");
        }
        return mux;
    }

    /** The multiplexer's bits for a position in the list of parents. */
    long muxBits(int position) {
        return mux().bits(muxValues[position]);
    }

    /** How the multiplexer says which parent it runs from; null if it does so at once. */
    @Nullable
    Ready muxStatus() {
        return muxStatus;
    }

    /** What {@link #muxStatus} says of a position in the list of parents. */
    long muxStatusValue(int position) {
        return muxStatusValues[position];
    }

    /** The divisor that is set now; 1 without a divider, 0 if it stands still. */
    long divisor() {
        return divider == null ? 1 : divider.divisor();
    }

    /** The phase-locked loop; only for a clock that has one. */
    Pll pll() {
        if (pll == null) {
            throw new IllegalStateException(name + " has no PLL");
        }
        return pll;
    }

    /** Changes the rate of the parent into that in front of the divider or the phase-locked loop. */
    Ratio passFactor(Ratio parentRate) {
        return parentRate.scale(multiply, divide);
    }

    /** About the rate in front of the divider or the phase-locked loop, from that of the parent. */
    double factor(double parentRate) {
        return parentRate * multiply / divide;
    }

    /** Changes the rate of a parent into the rate that this clock has with what is set now. */
    Ratio passNow(Ratio parentRate) {
        if (pll == null) {
            return pass(parentRate, divisor());
        }
        passFactor(parentRate);
        if (pll.isBypassed()) {
            return parentRate;
        }
        pll.read(present);
        return pll.pass(parentRate, present);
    }

    /** Whether a phase-locked loop that is on, and not bypassed, would be in its ranges with this rate of its parent. */
    boolean standsParentRate(Ratio parentRate) {
        if (pll == null || !pll.isEnabled() || pll.isBypassed()) {
            return true;
        }
        pll.read(present);
        return Pll.moves(present) && pll.isWithin(passFactor(scratch.set(parentRate)), present, scratch);
    }

    /** Changes the rate of a parent into the rate that this clock has with a divisor. */
    Ratio pass(Ratio parentRate, long divisor) {
        if (divisor == 0) {
            return parentRate.set(0, 1);
        }
        parentRate.scale(multiply, divide);
        return divider == null ? parentRate : parentRate.scale(divider.scale(), divisor);
    }

    /** Changes a bound of this clock's rate into the bound of its parent's rate with a divisor, not 0. */
    Ratio passBack(Ratio bound, long divisor) {
        bound.scale(/* multiply= */ divide, /* divide= */ multiply);
        return divider == null ? bound : bound.scale(divisor, divider.scale());
    }

    /** Computes the exact rate, in Hz, from the registers of this clock and all up to the root. */
    Ratio exactRate(Ratio into) {
        into.set(1, 1);
        for (Clock clock = this; !into.isZero(); ) {
            if (clock.isFixed()) {
                return clock.rootHz == 0 ? into.set(0, 1) : into.scale(clock.rootHz, 1);
            }
            Clock parent = clock.parent();
            if (parent == null) {
                return into.set(0, 1);
            }
            clock.passNow(into);
            clock = parent;
        }
        return into;
    }

    /** Whether an operation on it may have to wait for hardware, or somebody else. */
    boolean mayTakeTime() {
        return isForeign || muxStatus != null || ready != null || (pll != null && pll.lock() != null);
    }

    /**
     * Opens the gate, behind a phase-locked loop that is switched on and locked before it; what is there already is left
     * alone. A bypassed loop is not switched on. To be called again when what it waits for is there.
     *
     * @return what has to say "on" before it can go on; null if the clock runs
     */
    @Nullable
    Ready open() {
        if (foreign != null) {
            foreign.open();
            return foreign.isOn() ? null : foreign.switched();
        }
        if (pll != null) {
            if (!pll.hasOutput()) {
                pll.setEnabled(true);
            }
            Ready lock = pll.awaitedLock();
            if (lock != null) {
                return lock;
            }
        }
        if (gate != null && gate.read() != gateOn) {
            gate.write(gateOn);
        }
        return ready != null && !ready.says(ready.valueFor(true)) ? ready : null;
    }

    /** Closes the gate, and switches off the phase-locked loop before it; what is there already is left alone. */
    void close() {
        if (foreign != null) {
            foreign.close();
        }
        if (gate != null && gate.read() == gateOn) {
            gate.write(1 - gateOn);
        }
        if (pll != null) {
            pll.setEnabled(false);
        }
    }
}
