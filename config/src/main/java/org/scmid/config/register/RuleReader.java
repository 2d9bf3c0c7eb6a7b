// Turns what a board file says about special registers of a window into records, and checks what the shapes cannot.
package org.scmid.config.register;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.register.RuleShapes.At;
import org.scmid.config.register.RuleShapes.KeyValue;
import org.scmid.config.register.RuleShapes.KeyWrite;
import org.scmid.config.register.RuleShapes.LockBit;
import org.scmid.config.register.RuleShapes.Range;
import org.scmid.config.register.RuleShapes.Rule;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;

/** Reads the rules of one window's registers. Everything that is wrong is reported. */
final class RuleReader {
    /** The service waits for hardware without serving anybody else. */
    private static final Duration LONGEST_WAIT = Duration.ofNanos(50_000);

    private static final int MOST_RULES = 65536;

    private final Problems problems;
    private final int bytes;
    private final long size;
    private final SortedMap<Long, RegisterRule> rules = new TreeMap<>();
    private final Map<Long, Place> places = new HashMap<>();

    private RuleReader(Problems problems, int bytes, long size) {
        this.problems = problems;
        this.bytes = bytes;
        this.size = size;
    }

    /**
     * Reads the rules of a window.
     *
     * @param window what has the keys
     * @param bytes the width of a register in bytes
     * @param size of the window in bytes
     */
    static WindowRules read(Fields window, int bytes, long size, Problems problems) {
        return new RuleReader(problems, bytes, size).read(window);
    }

    private WindowRules read(Fields window) {
        for (Named<RuleShapes.Offsets, Fields> entry : window.get(RuleShapes.Window.RULES, List.of())) {
            Fields fields = entry.value();
            if (fields != null) {
                rule(entry.key().ranges(), fields);
            }
        }
        checkChains();
        return new WindowRules(
                window.get(RuleShapes.Window.BIG_ENDIAN, false),
                window.get(RuleShapes.Window.SHARE_WITH_KERNEL, false),
                window.get(RuleShapes.Window.WRITE_TWICE, false),
                keyWrites(window, RuleShapes.Window.UNLOCK),
                keyWrites(window, RuleShapes.Window.RELOCK),
                rules);
    }

    private List<WindowRules.KeyWrite> keyWrites(Fields window, Key<List<Located<Fields>>> key) {
        List<WindowRules.KeyWrite> writes = new ArrayList<>();
        for (Located<Fields> item : window.get(key, List.of())) {
            Fields write = item.value();
            Long at = write.get(KeyWrite.AT);
            KeyValue value = write.get(KeyWrite.VALUE);
            if (at == null || value == null) {
                continue;
            }
            checkRegister(at, write.place(KeyWrite.AT), write.what());
            checkFits(value.value(), write.place(KeyWrite.VALUE), "`value` of " + write.what());
            writes.add(new WindowRules.KeyWrite(at, value.value(), value.inverse()));
        }
        return writes;
    }

    private void rule(List<Range> ranges, Fields fields) {
        checkMasks(fields);
        for (Range range : ranges) {
            long step = range.step() == 0 ? bytes : range.step();
            if (!checkRegister(range.first(), fields.owner(), fields.what())
                    || !checkRegister(range.last(), fields.owner(), fields.what())
                    || !checkStep(step, fields)) {
                return;
            }
            for (long offset = range.first(); offset <= range.last(); offset += step) {
                if (!add(offset, fields)) {
                    return;
                }
            }
        }
    }

    private boolean checkStep(long step, Fields fields) {
        if (step % bytes != 0) {
            problems.add(
                    fields.owner(),
                    fields.what() + ": the step " + step + " is not a multiple of the register width, " + bytes
                            + " bytes");
        }
        return step % bytes == 0;
    }

    /** Adds the rule for one register; false if there is no point in going on. */
    private boolean add(long offset, Fields fields) {
        Place earlier = places.putIfAbsent(offset, fields.owner());
        if (earlier != null) {
            problems.add(
                    fields.owner(),
                    fields.what() + ": the register at 0x" + Long.toHexString(offset) + " has a rule already (line "
                            + earlier.line() + "); put both into one");
            return false;
        }
        if (rules.size() == MOST_RULES) {
            problems.add(fields.owner(), fields.what() + ": more than " + MOST_RULES + " registers have rules");
            return false;
        }
        int before = problems.count();
        rules.put(offset, rule(offset, fields));
        return problems.count() == before;
    }

    private RegisterRule rule(long offset, Fields fields) {
        return new RegisterRule(
                fields.get(Rule.PLAIN, false),
                fields.get(Rule.WRITE_ZERO, 0L),
                fields.get(Rule.WRITE_ONE, 0L),
                at(offset, fields, Rule.SET),
                at(offset, fields, Rule.CLEAR),
                at(offset, fields, Rule.READ_AT),
                fields.has(Rule.WRITE_ONLY),
                fields.get(Rule.WRITE_ONLY, 0L),
                fields.get(Rule.WRITE_TWICE, false),
                stop(offset, fields.get(Rule.STOP)),
                busy(offset, fields.get(Rule.BUSY)),
                commit(offset, fields.get(Rule.COMMIT)),
                bit(offset, fields.get(Rule.LOCK_BIT), LockBit.LOCKED));
    }

    private void checkMasks(Fields fields) {
        long zeros = fields.get(Rule.WRITE_ZERO, 0L);
        long ones = fields.get(Rule.WRITE_ONE, 0L);
        checkFits(zeros, fields.place(Rule.WRITE_ZERO), "`write-zero` of " + fields.what());
        checkFits(ones, fields.place(Rule.WRITE_ONE), "`write-one` of " + fields.what());
        checkFits(fields.get(Rule.WRITE_ONLY, 0L), fields.place(Rule.WRITE_ONLY), "`write-only` of " + fields.what());
        if ((zeros & ones) != 0) {
            problems.add(
                    fields.place(Rule.WRITE_ONE),
                    fields.what() + " has 0x" + Long.toHexString(zeros & ones)
                            + " in `write-zero` and in `write-one`; a bit can be in one of them");
        }
    }

    private RegisterRule.@Nullable Stop stop(long offset, @Nullable Fields fields) {
        RegisterRule.Bit running = bit(offset, fields, RuleShapes.Stop.RUNNING);
        if (fields == null || running == null) {
            return null;
        }
        Integer busy = checkedBit(fields, RuleShapes.Stop.BUSY);
        return new RegisterRule.Stop(running, busy == null ? -1 : busy, timeout(fields));
    }

    private RegisterRule.@Nullable Busy busy(long offset, @Nullable Fields fields) {
        RegisterRule.Bit bit = bit(offset, fields, RuleShapes.Busy.ACTIVE);
        return fields == null || bit == null ? null : new RegisterRule.Busy(bit, timeout(fields));
    }

    private RegisterRule.@Nullable Commit commit(long offset, @Nullable Fields fields) {
        Integer bit = fields == null ? null : checkedBit(fields, RuleShapes.BIT);
        return fields == null || bit == null
                ? null
                : new RegisterRule.Commit(
                        at(offset, fields, RuleShapes.BIT_AT),
                        bit,
                        fields.get(RuleShapes.Commit.PULSE, false),
                        timeout(fields));
    }

    private RegisterRule.@Nullable Bit bit(long offset, @Nullable Fields fields, Key<Boolean> level) {
        Integer bit = fields == null ? null : checkedBit(fields, RuleShapes.BIT);
        return fields == null || bit == null
                ? null
                : new RegisterRule.Bit(at(offset, fields, RuleShapes.BIT_AT), bit, fields.get(level, true));
    }

    private @Nullable Integer checkedBit(Fields fields, Key<BitRange> key) {
        Integer bit = RuleShapes.bit(fields, key);
        if (bit != null && bit >= bytes * 8) {
            problems.add(
                    fields.place(key),
                    Problems.quote(key.name()) + " of " + fields.what() + ": bit " + bit + " is beyond the " + bytes * 8
                            + " bits of the window's registers");
        }
        return bit;
    }

    private Duration timeout(Fields fields) {
        Duration timeout = fields.get(RuleShapes.TIMEOUT, LONGEST_WAIT);
        if (timeout.isZero() || timeout.compareTo(LONGEST_WAIT) > 0) {
            problems.add(
                    fields.place(RuleShapes.TIMEOUT),
                    "`timeout` of " + fields.what() + " must be 1 us to 50 us: nobody else is served meanwhile; a power"
                            + " domain's or reset's sequence can wait longer");
        }
        return timeout;
    }

    /** The offset in the window that a key says for the rule of a register; nowhere if it is not there. */
    private long at(long offset, Fields fields, Key<At> key) {
        At at = fields.get(key);
        if (at == null) {
            return RegisterRule.NOWHERE;
        }
        long there = at.relative() ? offset + at.offset() : at.offset();
        checkRegister(there, fields.place(key), Problems.quote(key.name()) + " of " + fields.what());
        return there;
    }

    private boolean checkRegister(long offset, Place place, String what) {
        if (offset < 0 || offset > size - bytes) {
            problems.add(
                    place,
                    what + ": offset " + (offset < 0 ? "-" : "") + "0x" + Long.toHexString(Math.abs(offset))
                            + " is outside the window; the last register is at 0x" + Long.toHexString(size - bytes));
            return false;
        }
        if (offset % bytes != 0) {
            problems.add(
                    place,
                    what + ": offset 0x" + Long.toHexString(offset) + " is not a multiple of the register width, "
                            + bytes + " bytes");
            return false;
        }
        return true;
    }

    private void checkFits(long value, Place place, String what) {
        if ((value & ~(-1L >>> (64 - bytes * 8))) != 0) {
            problems.add(
                    place,
                    what + ": 0x" + Long.toHexString(value) + " does not fit a register of " + bytes * 8 + " bits");
        }
    }

    /** A write that leads to another must not lead to a third that leads back. */
    private void checkChains() {
        rules.forEach((offset, rule) -> {
            RegisterRule.Stop stop = rule.stop();
            RegisterRule there = stop == null ? null : rules.get(stop.running().offset());
            if (stop != null
                    && there != null
                    && there.stop() != null
                    && !there.stop().running().equals(stop.running())) {
                report(offset, "`stop` names a register whose own rule stops something else");
            }
            RegisterRule.Commit commit = rule.commit();
            RegisterRule committing = commit == null || commit.offset() == offset ? null : rules.get(commit.offset());
            if (committing != null && (committing.commit() != null || committing.stop() != null)) {
                report(offset, "`commit` names a register whose own rule has a `commit` or a `stop`");
            }
        });
    }

    private void report(long offset, String what) {
        Place place = places.get(offset);
        if (place != null) {
            problems.add(place, "the rule of the register at 0x" + Long.toHexString(offset) + ": " + what);
        }
    }
}
