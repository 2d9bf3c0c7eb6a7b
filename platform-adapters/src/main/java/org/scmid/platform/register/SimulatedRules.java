// What simulated registers do that are not simply loaded and stored.
package org.scmid.platform.register;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.scmid.config.register.RegisterRule;
import org.scmid.config.register.WindowRules;
import org.scmid.config.register.WindowSpec;

/**
 * Makes the registers of a simulated window behave as hardware does for which a board file needs rules:
 *
 * <ul>
 *   <li>a store to a window that is locked has no effect, and key registers read as 0;
 *   <li>a store that must be made twice has an effect when it comes the second time in a row;
 *   <li>bits are set and cleared by stores elsewhere; where a register is read or cannot be read follows its rule, and
 *       what cannot be read reads as 0;
 *   <li>flags in {@code write-zero} are cleared by a 1, and kept by a 0;
 *   <li>a busy bit is seen for {@value #BUSY_READS} reads after a store, and stores meanwhile have no effect;
 *   <li>what must be stopped keeps its other bits while it runs, and for {@value #BUSY_READS} reads of its busy bit after
 *       it was stopped;
 *   <li>a commit bit clears itself after {@value #BUSY_READS} reads; a register that is locked does not change.
 * </ul>
 */
final class SimulatedRules {
    /** How often a busy bit is seen, counted in reads, so that it does not depend on the time. */
    static final int BUSY_READS = 2;

    /** The registers' memory. */
    interface Storage {
        long load(long offset);

        /**
         * Stores a word.
         *
         * @param changing the bits that the store could change
         */
        void store(long offset, long word, long changing);
    }

    /** What an offset is besides a register like all others. */
    private static final class Cell {
        private final long offset;
        private RegisterRule rule = RegisterRule.NONE;
        private boolean isKey;
        private @Nullable Cell sets;
        private @Nullable Cell clears;
        private @Nullable Cell reads;
        private @Nullable Countdown busy;
        private @Nullable Countdown standstill;
        private final List<Countdown> countdowns = new ArrayList<>();

        private Cell(long offset) {
            this.offset = offset;
        }
    }

    /** A bit that hardware takes back by itself. */
    private static final class Countdown {
        private final long mask;
        private final boolean high;

        /** The bit that lets run what this bit shows to run; null for a bit that shows something else. */
        private final RegisterRule.@Nullable Bit running;

        /** Whether a store that sets the bit starts it. */
        private final boolean isCommit;

        private int left;

        private Countdown(long mask, boolean high, RegisterRule.@Nullable Bit running, boolean isCommit) {
            this.mask = mask;
            this.high = high;
            this.running = running;
            this.isCommit = isCommit;
        }

        private boolean isActive(long word) {
            return left > 0 || runs(word);
        }

        private boolean runs(long word) {
            return running != null && ((word & running.mask()) != 0) == running.high();
        }
    }

    private final Storage storage;
    private final WindowRules rules;
    private final long writeKey;
    private final int writeMaskShift;
    private final long widthMask;
    private final long[] offsets;
    private final Cell[] cells;
    private int unlocked;
    private long expected;
    private long lastOffset = RegisterRule.NOWHERE;
    private long lastValue;

    private SimulatedRules(WindowSpec spec, Storage storage) {
        this.storage = storage;
        rules = spec.rules();
        writeKey = spec.writeKey();
        writeMaskShift = spec.writeMaskShift();
        widthMask = -1L >>> (64 - spec.width());
        TreeMap<Long, Cell> all = new TreeMap<>();
        rules.unlock().forEach(key -> cell(all, key.offset()).isKey = true);
        rules.relock().forEach(key -> cell(all, key.offset()).isKey = true);
        rules.registers().forEach((offset, rule) -> connect(all, cell(all, offset), rule));
        offsets = all.keySet().stream().mapToLong(Long::longValue).toArray();
        cells = all.values().toArray(new Cell[0]);
    }

    /** The rules of a window; null if it has none. */
    static @Nullable SimulatedRules of(WindowSpec spec, Storage storage) {
        WindowRules rules = spec.rules();
        boolean special = rules.twice()
                || !rules.unlock().isEmpty()
                || !rules.relock().isEmpty()
                || !rules.registers().isEmpty();
        return special ? new SimulatedRules(spec, storage) : null;
    }

    private static Cell cell(Map<Long, Cell> all, long offset) {
        return all.computeIfAbsent(offset, Cell::new);
    }

    private static void connect(Map<Long, Cell> all, Cell cell, RegisterRule rule) {
        cell.rule = rule;
        if (rule.setsAndClears()) {
            cell(all, rule.set()).sets = cell;
            cell(all, rule.clear()).clears = cell;
        }
        if (rule.readAt() != RegisterRule.NOWHERE) {
            cell(all, rule.readAt()).reads = cell;
        }
        RegisterRule.Busy busy = rule.busy();
        if (busy != null) {
            RegisterRule.Bit bit = busy.bit();
            cell.busy = countdown(cell(all, bit.offset()), new Countdown(bit.mask(), bit.high(), null, false));
        }
        RegisterRule.Stop stop = rule.stop();
        if (stop != null && stop.busy() >= 0) {
            Cell there = cell(all, stop.running().offset());
            cell.standstill = countdown(there, new Countdown(1L << stop.busy(), true, stop.running(), false));
        }
        RegisterRule.Commit commit = rule.commit();
        if (commit != null && !commit.pulse()) {
            countdown(cell(all, commit.offset()), new Countdown(commit.mask(), true, null, true));
        }
    }

    /** The countdown of a bit, which several registers may have in common. */
    private static Countdown countdown(Cell cell, Countdown fresh) {
        for (Countdown countdown : cell.countdowns) {
            if (countdown.mask == fresh.mask) {
                return countdown;
            }
        }
        cell.countdowns.add(fresh);
        return fresh;
    }

    /** What is special at an offset; null for nothing. */
    private @Nullable Cell at(long offset) {
        int found = Arrays.binarySearch(offsets, offset);
        return found < 0 ? null : cells[found];
    }

    long read(long offset) {
        Cell cell = at(offset);
        if (cell == null) {
            return storage.load(offset);
        }
        Cell shown = cell.reads != null ? cell.reads : cell.sets != null ? cell.sets : cell.clears;
        if (shown == null) {
            boolean isElsewhere = cell.rule.readAt() != RegisterRule.NOWHERE;
            if (cell.isKey || cell.rule.writeOnly() || isElsewhere) {
                return 0;
            }
            shown = cell;
        }
        return countDown(shown, storage.load(shown.offset));
    }

    private static long countDown(Cell cell, long stored) {
        long word = stored;
        for (int i = 0; i < cell.countdowns.size(); i++) {
            Countdown countdown = cell.countdowns.get(i);
            word = countdown.isActive(stored) == countdown.high ? word | countdown.mask : word & ~countdown.mask;
            countdown.left = Math.max(0, countdown.left - 1);
        }
        return word;
    }

    void write(long offset, long value) {
        Cell cell = at(offset);
        if (cell != null && cell.isKey) {
            writeKey(offset, value);
            return;
        }
        Cell setting = cell == null ? null : cell.sets;
        Cell clearing = cell == null || setting != null ? null : cell.clears;
        Cell target = setting != null ? setting : clearing != null ? clearing : cell;
        RegisterRule rule = target == null ? RegisterRule.NONE : target.rule;
        if (!isUnlockedFor(value) || isFirstOfTwo(rule, offset, value)) {
            return;
        }
        long key = rule.plain() ? 0 : writeKey;
        if ((value & key) != key) {
            return;
        }
        long bits = value & ~key;
        if (setting != null) {
            change(setting.offset, setting, bits, bits);
        } else if (clearing != null) {
            change(clearing.offset, clearing, bits, 0);
        } else {
            change(offset, target, maskOf(rule, value), bits);
        }
    }

    private long maskOf(RegisterRule rule, long value) {
        return rule.plain() || writeMaskShift < 0
                ? widthMask
                : (value >>> writeMaskShift) & ((1L << writeMaskShift) - 1);
    }

    // Locks

    private void writeKey(long offset, long value) {
        List<WindowRules.KeyWrite> unlock = rules.unlock();
        if (isLastOf(rules.relock(), offset, value)) {
            unlocked = 0;
        }
        for (int step = Math.min(unlocked, unlock.size() - 1); step >= 0; step = step == 0 ? -1 : 0) {
            WindowRules.KeyWrite key = unlock.get(step);
            if (key.offset() == offset && (key.inverse() || key.value() == value)) {
                expected = key.inverse() ? ~value & widthMask : expected;
                unlocked = step + 1;
                return;
            }
        }
    }

    private static boolean isLastOf(List<WindowRules.KeyWrite> keys, long offset, long value) {
        if (keys.isEmpty()) {
            return false;
        }
        WindowRules.KeyWrite last = keys.getLast();
        return last.offset() == offset && (last.inverse() || last.value() == value);
    }

    private boolean isUnlockedFor(long value) {
        List<WindowRules.KeyWrite> unlock = rules.unlock();
        if (unlocked < unlock.size()) {
            unlocked = 0;
            return false;
        }
        for (int i = 0; i < unlock.size(); i++) {
            if (unlock.get(i).inverse()) {
                unlocked = 0;
                return (value & widthMask) == expected;
            }
        }
        return true;
    }

    private boolean isFirstOfTwo(RegisterRule rule, long offset, long value) {
        if (!rules.twice() && !rule.twice()) {
            return false;
        }
        boolean isSecond = lastOffset == offset && lastValue == value;
        lastOffset = isSecond ? RegisterRule.NOWHERE : offset;
        lastValue = value;
        return !isSecond;
    }

    // What a store changes

    private void change(long offset, @Nullable Cell cell, long changeable, long bits) {
        long old = storage.load(offset);
        long changing = cell == null ? changeable : changeable & changeableNow(cell);
        long word = (old & ~changing) | (bits & changing);
        if (cell != null) {
            long flags = cell.rule.writeZero() & changing;
            word = (word & ~flags) | (old & flags & ~bits);
            start(cell, old, word, changing);
        }
        if (changing != 0) {
            storage.store(offset, word, changing);
        }
    }

    /** The bits that a store can change in what hardware does now. */
    private long changeableNow(Cell cell) {
        RegisterRule.Bit lock = cell.rule.lock();
        boolean isLocked = lock != null && isActive(lock, storage.load(lock.offset()));
        boolean isBusy = cell.busy != null && cell.busy.left > 0;
        if (isLocked || isBusy) {
            return 0;
        }
        RegisterRule.Stop stop = cell.rule.stop();
        if (stop == null) {
            return widthMask;
        }
        boolean stands = !isActive(stop.running(), storage.load(stop.running().offset()))
                && (cell.standstill == null || cell.standstill.left == 0);
        return stands
                ? widthMask
                : stop.running().offset() == cell.offset ? stop.running().mask() : 0;
    }

    private static boolean isActive(RegisterRule.Bit bit, long word) {
        return ((word & bit.mask()) != 0) == bit.high();
    }

    private static void start(Cell cell, long old, long word, long changing) {
        if (cell.busy != null && changing != 0) {
            cell.busy.left = BUSY_READS;
        }
        for (int i = 0; i < cell.countdowns.size(); i++) {
            Countdown countdown = cell.countdowns.get(i);
            boolean isCommitted = countdown.isCommit && (word & changing & countdown.mask) != 0;
            boolean wasStopped = countdown.runs(old) && !countdown.runs(word);
            if (isCommitted || wasStopped) {
                countdown.left = BUSY_READS;
            }
        }
    }
}
