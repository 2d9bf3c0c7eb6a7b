// How a register is written that wants more than one plain store.
package org.scmid.platform.register;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.register.RegisterRule;
import org.scmid.config.register.WindowRules;

/**
 * How a register is read and written that has rules. One change takes these steps, each only if the rules have it:
 *
 * <ol>
 *   <li>is refused if the lock bit is set;
 *   <li>stops what must stand still, and waits until it does;
 *   <li>waits until hardware is not busy;
 *   <li>stores, to the register or to where its bits are set and cleared;
 *   <li>waits until hardware is not busy;
 *   <li>sets the commit bit, and waits until hardware has cleared it, or clears it if that is the rule;
 *   <li>lets run again what it has stopped, also if one of the steps between has failed.
 * </ol>
 *
 * <p>Each store, to whichever register, is made between what unlocks and what locks, and twice if that is the rule. A
 * wait reads in a loop: {@value #FEWEST_READS} times at least, and then until the time is over, which is 50 us at most
 * by what board files may say. A change of the stop bit itself stops nothing and waits for nothing.
 */
final class WriteProcedure {
    private static final int FEWEST_READS = 4;

    /** Finds the register at an offset of the same window. */
    @FunctionalInterface
    interface Neighbours {
        Register at(long offset);
    }

    private final Register register;
    private final RegisterWindow window;
    private final RegisterRule rule;
    private final WindowRules.KeyWrite[] unlock;
    private final WindowRules.KeyWrite[] relock;
    private final long widthMask;
    private final @Nullable Register stopping;
    private final @Nullable Register committing;
    private final long status;
    private final long alwaysZero;
    private long shadow;

    WriteProcedure(Register register, WindowRules window, RegisterRule rule, Neighbours neighbours) {
        this.register = register;
        this.window = register.window();
        this.rule = rule;
        unlock = keys(window.unlock());
        relock = keys(window.relock());
        widthMask = -1L >>> (64 - this.window.width());
        stopping =
                rule.stop() == null ? null : neighbours.at(rule.stop().running().offset());
        committing = rule.commit() == null ? null : neighbours.at(rule.commit().offset());
        status = statusBits(rule, register.offset());
        alwaysZero = rule.writeZero() | status;
        shadow = rule.reset();
    }

    /** Bits of a register that only hardware changes: what was read of them is not written back. */
    private static long statusBits(RegisterRule rule, long offset) {
        RegisterRule.Stop stop = rule.stop();
        RegisterRule.Busy busy = rule.busy();
        long bits = 0;
        if (stop != null && stop.busy() >= 0 && stop.running().offset() == offset) {
            bits |= 1L << stop.busy();
        }
        if (busy != null && busy.bit().offset() == offset) {
            bits |= busy.bit().mask();
        }
        return bits;
    }

    private static WindowRules.KeyWrite[] keys(List<WindowRules.KeyWrite> keys) {
        return keys.toArray(new WindowRules.KeyWrite[0]);
    }

    long read() {
        if (rule.writeOnly()) {
            return shadow;
        }
        return window.read(rule.readAt() == RegisterRule.NOWHERE ? register.offset() : rule.readAt());
    }

    void update(long mask, long bits) {
        refuseIfLocked();
        if (changesStopBit(mask)) {
            store(mask, bits);
            return;
        }
        boolean stopped = stop();
        try {
            awaitStandstill();
            awaitIdle();
            store(mask, bits);
            awaitIdle();
            commit();
        } finally {
            if (stopped) {
                setStopBit(true);
            }
        }
    }

    private void refuseIfLocked() {
        RegisterRule.Bit lock = rule.lock();
        if (lock != null && isActive(lock.offset(), lock.mask(), lock.high())) {
            throw new RegisterAccessException(register + " is locked by bit " + lock.bit() + " of " + at(lock.offset())
                    + " until the next reset");
        }
    }

    // What must stand still

    private boolean changesStopBit(long mask) {
        RegisterRule.Stop stop = rule.stop();
        return stop != null
                && stop.running().offset() == register.offset()
                && (mask & stop.running().mask()) != 0;
    }

    /** Whether it ran. */
    private boolean stop() {
        RegisterRule.Stop stop = rule.stop();
        if (stop == null) {
            return false;
        }
        RegisterRule.Bit bit = stop.running();
        boolean runs = isActive(bit.offset(), bit.mask(), bit.high());
        if (runs) {
            setStopBit(false);
        }
        return runs;
    }

    private void setStopBit(boolean running) {
        RegisterRule.Stop stop = rule.stop();
        if (stop != null && stopping != null) {
            long mask = stop.running().mask();
            stopping.update(mask, running == stop.running().high() ? mask : 0);
        }
    }

    /** Whether what the register sets up runs, and this store is at most to stop it: nothing else may change with it. */
    private boolean isRunning() {
        RegisterRule.Stop stop = rule.stop();
        return stop != null
                && stop.running().offset() == register.offset()
                && isActive(
                        stop.running().offset(),
                        stop.running().mask(),
                        stop.running().high());
    }

    // Waiting

    private void awaitStandstill() {
        RegisterRule.Stop stop = rule.stop();
        if (stop != null && stop.busy() >= 0) {
            await(stop.running().offset(), stop.busy(), true, stop.timeout());
        }
    }

    private void awaitIdle() {
        RegisterRule.Busy busy = rule.busy();
        if (busy != null) {
            await(busy.bit().offset(), busy.bit().bit(), busy.bit().high(), busy.timeout());
        }
    }

    /** Waits until a bit does not have a value any more. */
    private void await(long offset, int bit, boolean high, Duration timeout) {
        long mask = 1L << bit;
        long start = System.nanoTime();
        int reads = 1;
        while (isActive(offset, mask, high)) {
            if (reads >= FEWEST_READS && System.nanoTime() - start >= timeout.toNanos()) {
                throw new RegisterAccessException(at(offset) + ": bit " + bit + " is still " + (high ? 1 : 0)
                        + " after " + timeout.toNanos() / 1000 + " us, so " + register + " cannot be changed");
            }
            Thread.onSpinWait();
            reads++;
        }
    }

    private boolean isActive(long offset, long mask, boolean high) {
        return ((window.read(offset) & mask) != 0) == high;
    }

    // Stores

    private void store(long mask, long bits) {
        if (rule.setsAndClears()) {
            long ones = bits & mask;
            long zeros = ~bits & mask;
            if (ones != 0) {
                storeWord(rule.set(), ones | register.writeKey());
            }
            if (zeros != 0) {
                storeWord(rule.clear(), zeros | register.writeKey());
            }
            return;
        }
        long word = (register.kept(read()) & ~mask) | (bits & mask);
        word = isRunning() ? word & ~status : (word & ~alwaysZero) | rule.writeOne();
        shadow = word;
        storeWord(register.offset(), register.ordered(word, mask));
    }

    private void commit() {
        RegisterRule.Commit commit = rule.commit();
        if (commit == null || committing == null) {
            return;
        }
        storeCommitBit(commit, committing, commit.mask());
        if (commit.pulse()) {
            storeCommitBit(commit, committing, 0);
        } else {
            await(commit.offset(), commit.bit(), true, commit.timeout());
        }
    }

    private void storeCommitBit(RegisterRule.Commit commit, Register committing, long bits) {
        if (commit.offset() == register.offset()) {
            store(commit.mask(), bits);
        } else {
            committing.update(commit.mask(), bits);
        }
    }

    private void storeWord(long offset, long word) {
        for (int times = rule.twice() ? 2 : 1; times > 0; times--) {
            writeKeys(unlock, word);
            window.write(offset, word);
            writeKeys(relock, word);
        }
    }

    private void writeKeys(WindowRules.KeyWrite[] keys, long word) {
        for (WindowRules.KeyWrite key : keys) {
            window.write(key.offset(), key.inverse() ? ~word & widthMask : key.value());
        }
    }

    private String at(long offset) {
        return window.name() + "+0x" + Long.toHexString(offset);
    }
}
