// One supply: its level, its switch and the time that it needs after a change.
package org.scmid.platform.voltage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.voltage.VoltageDomainSpec;
import org.scmid.config.voltage.VoltageLevels;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.VoltageDriver;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.register.RegisterField;
import org.scmid.platform.register.Windows;

/**
 * One supply. Registers are the truth: level and switch are read each time, and making the object reads and writes none.
 * A change is written at once; the supply then settles for as long as the board file says. Whoever asked waits until what
 * was written when he asked has settled: what others write after it does not keep him waiting.
 *
 * <p>A supply that has {@linkplain #addConsumer consumers} follows what they need, and is never switched off.
 */
public final class VoltageDomain implements VoltageDriver {
    /** Result of {@link #level} if the register holds a value that no level has. */
    public static final int UNKNOWN = Integer.MIN_VALUE;

    private final int index;
    private final VoltageDomainSpec spec;
    private final int @Nullable [] listed;
    private final long @Nullable [] raws;
    private final @Nullable RegisterField field;
    private final @Nullable RegisterField enable;
    private final boolean enableHigh;
    private final long settleNanos;
    private final Scheduler scheduler;
    private final List<VoltageConsumer> consumers = new ArrayList<>();
    private int[] needs = {}; // of the consumers, in microvolts
    private boolean areNeedsKnown;
    private final SettlingWaiters waiters;
    private boolean hasChanged;
    private long settledAt; // after the last change, if there was one
    private int users;

    VoltageDomain(int index, VoltageDomainSpec spec, Windows windows, Scheduler scheduler) {
        this.index = index;
        this.spec = spec;
        if (spec.levels() instanceof VoltageLevels.Listed list) {
            listed = list.levels().stream().mapToInt(Integer::intValue).toArray();
            raws = list.raws().stream().mapToLong(Long::longValue).toArray();
        } else {
            listed = null;
            raws = null;
        }
        field = spec.level() == null ? null : windows.field(spec.level());
        GateSpec gate = spec.enable();
        enable = gate == null ? null : windows.field(gate.field());
        enableHigh = gate == null || gate.enableHigh();
        settleNanos = spec.settleMicros() * 1000;
        this.scheduler = scheduler;
        waiters = new SettlingWaiters(scheduler);
    }

    /** Its position in the board file, from 0. */
    public int index() {
        return index;
    }

    /** Its name on the board. */
    public String name() {
        return spec.name();
    }

    @Override
    public boolean isAsynchronous() {
        return spec.asynchronous();
    }

    // ---- Levels.

    @Override
    public boolean isRange() {
        return listed == null;
    }

    @Override
    public int levels() {
        return spec.levels().count();
    }

    @Override
    public int levelAt(int position) {
        return listed == null ? spec.levels().level(position) : listed[position];
    }

    @Override
    public int step() {
        return spec.levels() instanceof VoltageLevels.Range range ? range.step() : 0;
    }

    /**
     * The level that the register says, whether the supply is on or not.
     *
     * @return microvolts, or {@link #UNKNOWN}
     */
    public int level() {
        if (field == null) {
            return levelAt(0);
        }
        int position = positionOfRaw(field.read());
        return position < 0 ? UNKNOWN : levelAt(position);
    }

    @Override
    public Outcome readLevel(Waiter waiter) {
        int level = level();
        if (level == UNKNOWN) {
            return Outcome.UNKNOWN_STATE;
        }
        waiter.value(level);
        return Outcome.OK;
    }

    @Override
    public boolean isLevel(int microvolts) {
        return position(microvolts) >= 0;
    }

    @Override
    public Outcome setLevel(int microvolts, Waiter waiter) {
        return setLevel(microvolts) ? whenSettled(waiter) : Outcome.OUT_OF_LIMITS;
    }

    /** As {@link #setLevel(int, Waiter)}, for nobody who waits; whether it is one of its levels. */
    private boolean setLevel(int microvolts) {
        int position = position(microvolts);
        if (position < 0) {
            return false;
        }
        if (field != null && positionOfRaw(field.read()) != position) {
            field.write(rawAt(position));
            startToSettle();
        }
        return true;
    }

    // ---- Consumers.

    /**
     * From now on the supply follows what this needs; nothing is written.
     *
     * @return its place among the consumers, for {@link #followConsumer}
     */
    public int addConsumer(VoltageConsumer consumer) {
        consumers.add(consumer);
        needs = Arrays.copyOf(needs, consumers.size());
        areNeedsKnown = false;
        return consumers.size() - 1;
    }

    /** Whether it has consumers. */
    @Override
    public boolean isFollowing() {
        return !consumers.isEmpty();
    }

    /**
     * Sets the level to the most that a consumer needs.
     *
     * @param place the consumer that perhaps needs something else now: only this is asked
     */
    public void followConsumer(int place) {
        noteNeed(place);
        int needed = UNKNOWN;
        for (int need : needs) {
            needed = Math.max(needed, need);
        }
        if (needed != UNKNOWN) {
            setLevel(needed);
        }
    }

    /** A consumer perhaps needs something else now, which counts when the supply follows the next time. */
    public void noteNeed(int place) {
        for (int i = 0; i < needs.length; i++) {
            if (i == place || !areNeedsKnown) {
                needs[i] = consumers.get(i).neededMicrovolts();
                scheduler.work().add(1);
            }
        }
        areNeedsKnown = true;
    }

    // ---- On and off.

    /** Whether the switch is on; always if it has none. */
    public boolean isEnabled() {
        return enable == null || (enable.read() != 0) == enableHigh;
    }

    /** How many users have it on. */
    public int users() {
        return users;
    }

    /** One that consumers need is never switched off. */
    @Override
    public boolean isSwitchable() {
        return enable != null && !isFollowing();
    }

    @Override
    public Outcome readState(Waiter waiter) {
        waiter.value(isEnabled() ? 1 : 0);
        return Outcome.OK;
    }

    @Override
    public Outcome acquire(Waiter waiter) {
        Outcome outcome = keepOn(waiter);
        users++;
        return outcome;
    }

    @Override
    public Outcome keepOn(Waiter waiter) {
        if (!isEnabled()) {
            setEnabled(true);
            startToSettle();
        }
        return whenSettled(waiter);
    }

    /** Takes a user away. After the last one the supply is switched off, unless it has consumers. */
    @Override
    public Outcome release(Waiter waiter) {
        users--;
        return stop(waiter);
    }

    @Override
    public Outcome stop(Waiter waiter) {
        if (users == 0 && !isFollowing() && isEnabled()) {
            setEnabled(false);
        }
        return whenSettled(waiter);
    }

    @Override
    public void adopt() {
        users++;
    }

    // ---- Time.

    /** Whether it needs time after its last change. */
    public boolean isSettling() {
        return hasChanged && settledAt - scheduler.nanoTime() > 0;
    }

    /**
     * Waits until it has settled after what was changed up to now.
     *
     * @return {@link Outcome#OK} if it has; {@link Outcome#STARTED}
     */
    public Outcome whenSettled(Waiter waiter) {
        if (!isSettling()) {
            return Outcome.OK;
        }
        waiters.add(waiter, settledAt);
        return Outcome.STARTED;
    }

    private void startToSettle() {
        if (settleNanos > 0) {
            hasChanged = true;
            settledAt = scheduler.nanoTime() + settleNanos;
        }
    }

    private void setEnabled(boolean on) {
        if (enable != null) {
            enable.write(on == enableHigh ? 1 : 0);
        }
    }

    private int position(int microvolts) {
        if (listed == null) {
            return spec.levels().position(microvolts);
        }
        for (int i = 0; i < listed.length; i++) {
            if (listed[i] == microvolts) {
                return i;
            }
        }
        return -1;
    }

    private int positionOfRaw(long raw) {
        if (raws == null) {
            long position = raw - spec.levels().raw(0);
            return position >= 0 && position < levels() ? (int) position : -1;
        }
        for (int i = 0; i < raws.length; i++) {
            if (raws[i] == raw) {
                return i;
            }
        }
        return -1;
    }

    private long rawAt(int position) {
        return raws == null ? spec.levels().raw(position) : raws[position];
    }

    @Override
    public String toString() {
        return name();
    }
}
