// Whether a service writes registers as the board file wants it: with the key, unlocked, and while they stand still.
package org.scmid.system;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.scmid.config.board.Board;
import org.scmid.config.register.RegisterRule;
import org.scmid.config.register.WindowRules;
import org.scmid.config.register.WindowSpec;

/**
 * Follows the writes that a request led to, one after the other. Of the rules of registers it knows those that the shipped
 * boards use: {@code write-key}, {@code unlock}, {@code write-zero}, {@code write-one}, {@code stop} and {@code commit}.
 */
final class WriteRules {
    private final Board board;
    private final Map<Long, Integer> words;
    private final Map<Long, Integer> status;
    private int unlocking;

    /** What must be written next, so that the last store counts. */
    private final ArrayDeque<QtestTap.Write> awaited = new ArrayDeque<>();

    /**
     * @param words the registers before the writes, by physical address
     * @param status bits by which hardware says what it does, by the address of their registers
     */
    WriteRules(Board board, Map<Long, Integer> words, Map<Long, Integer> status) {
        this.board = board;
        this.words = new HashMap<>(words);
        this.status = status;
    }

    /**
     * What the registers must hold after these writes, status bits left out.
     *
     * @throws AssertionError if one breaks a rule, or changes a bit that the request is not about
     */
    Map<Long, Integer> follow(List<QtestTap.Write> writes, RequestEffects effects) {
        for (QtestTap.Write write : writes) {
            WindowSpec window = window(write.address());
            if (isUnlocked(window, write)) {
                take(window, write, effects);
            }
        }
        if (!awaited.isEmpty()) {
            throw new AssertionError(awaited + " is missing, by which the last store counts");
        }
        return words;
    }

    /** Whether it is a store proper, before which everything was written that unlocks. */
    private boolean isUnlocked(WindowSpec window, QtestTap.Write write) {
        List<WindowRules.KeyWrite> keys = window.rules().unlock();
        if (unlocking < keys.size()) {
            WindowRules.KeyWrite key = keys.get(unlocking);
            if (write.address() != window.at() + key.offset() || write.value() != key.value()) {
                throw new AssertionError(write + " comes before what unlocks, " + key);
            }
            unlocking++;
            return false;
        }
        unlocking = 0;
        return true;
    }

    private void take(WindowSpec window, QtestTap.Write write, RequestEffects effects) {
        QtestTap.Write next = awaited.poll();
        if (next == null) {
            store(window, write, effects);
        } else if (!next.equals(write)) {
            throw new AssertionError(write + " comes before " + next + ", by which the store before it counts");
        } else {
            words.put(write.address(), (int) (write.value() & ~window.writeKey()));
        }
    }

    /** A bit that has the store before it taken over, and is put back at once if hardware does not do it. */
    private void awaitCommit(WindowSpec window, RegisterRule.Commit commit) {
        long address = window.at() + commit.offset();
        long without =
                window.writeKey() | (Objects.requireNonNull(words.get(address)) & 0xffff_ffffL & ~(1L << commit.bit()));
        awaited.add(new QtestTap.Write(address, without | 1L << commit.bit()));
        if (commit.pulse()) {
            awaited.add(new QtestTap.Write(address, without));
        }
    }

    private void store(WindowSpec window, QtestTap.Write write, RequestEffects effects) {
        if ((write.value() & window.writeKey()) != window.writeKey()) {
            throw new AssertionError(write + " is without the key 0x" + Long.toHexString(window.writeKey()));
        }
        RegisterRule rule = window.rules().of(write.address() - window.at());
        int old = Objects.requireNonNull(words.get(write.address()), write::toString);
        int word = (int) (write.value() & ~window.writeKey());
        int changes = (old ^ word) & ~status.getOrDefault(write.address(), 0);
        RegisterRule.Stop stop = rule == null ? null : rule.stop();
        int stopBit = stop != null && window.at() + stop.running().offset() == write.address()
                ? (int) stop.running().mask()
                : 0;
        if ((changes & ~stopBit & ~forced(board, write.address()) & ~effects.onTheWay(write.address())) != 0) {
            throw new AssertionError(write + " changes bits that are not of the request; the register was 0x"
                    + Integer.toHexString(old));
        }
        boolean onlyStops = stop != null && stopBit != 0 && changes == stopBit && runs(window, stop);
        if (rule != null && !onlyStops && breaks(rule, write)) {
            throw new AssertionError(write + " has bits that are never written so");
        }
        if (stop != null && (changes & ~stopBit) != 0 && runs(window, stop)) {
            throw new AssertionError(write + " while it runs");
        }
        words.put(write.address(), word);
        if (rule != null && rule.commit() != null) {
            awaitCommit(window, rule.commit());
        }
    }

    private static boolean breaks(RegisterRule rule, QtestTap.Write write) {
        return (write.value() & rule.writeZero()) != 0 || (~write.value() & rule.writeOne()) != 0;
    }

    private boolean runs(WindowSpec window, RegisterRule.Stop stop) {
        int word = Objects.requireNonNull(words.get(window.at() + stop.running().offset()));
        return ((word & stop.running().mask()) != 0) == stop.running().high();
    }

    /** Bits of a register that a rule has written as 1 or as 0, whatever they were. */
    static int forced(Board board, long address) {
        WindowSpec window = window(board, address);
        RegisterRule rule = window.rules().of(address - window.at());
        return rule == null ? 0 : (int) (rule.writeOne() | rule.writeZero());
    }

    private WindowSpec window(long address) {
        return window(board, address);
    }

    private static WindowSpec window(Board board, long address) {
        for (WindowSpec window : board.registers().values()) {
            if (address >= window.at() && address < window.at() + window.size()) {
                return window;
            }
        }
        throw new AssertionError("0x" + Long.toHexString(address) + " is in no window");
    }
}
