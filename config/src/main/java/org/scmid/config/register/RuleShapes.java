// What a board file may say about registers that are not simply loaded and stored.
package org.scmid.config.register;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Malformed;
import org.scmid.config.document.Units;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;

/** What a board file may say about registers that are not simply loaded and stored. */
final class RuleShapes {
    private static final String NUMBER = "(" + Units.HEX + "|" + Units.DECIMAL + ")";
    private static final String RANGE = NUMBER + "(\\s*\\.\\.\\s*" + NUMBER + "(\\s*/\\s*" + NUMBER + ")?)?";

    private RuleShapes() {}

    /**
     * Where a register is.
     *
     * @param relative whether the offset counts from the register that has the rule, or from the window's start
     */
    record At(boolean relative, long offset) {}

    /** {@code 0x10} from the window's start; {@code +4} or {@code -4} from the register that has the rule. */
    static final Value<At> AT = Values.scalar(
            RuleShapes::at,
            Map.of(
                    "anyOf",
                    List.of(Map.of("type", "integer"), Map.of("type", "string", "pattern", "^[+-]?" + NUMBER + "$"))));

    private static final At HERE = new At(true, 0);
    private static final Duration USUAL_WAIT = Duration.ofNanos(20_000);

    /**
     * Registers at equal distances.
     *
     * @param step from one to the next, in bytes; 0 for the width of a register
     */
    record Range(long first, long last, long step) {}

    /** Registers that have a rule in common. */
    record Offsets(List<Range> ranges) {
        Offsets {
            ranges = List.copyOf(ranges);
        }
    }

    /** What is written to unlock: a number, or the inverse of the word that is to be written. */
    record KeyValue(boolean inverse, long value) {}

    /** Keys of a store that unlocks or locks. */
    static final class KeyWrite {
        static final Key<Long> AT = Key.required("at", Values.NUMBER, "Byte offset of the register in the window.");
        static final Key<KeyValue> VALUE = Key.required(
                "value",
                Values.scalar(
                        RuleShapes::keyValue,
                        Map.of(
                                "anyOf",
                                List.of(
                                        Map.of("type", "integer", "minimum", 0),
                                        Map.of("type", "string", "pattern", "^" + NUMBER + "$"),
                                        Map.of("const", "inverse")))),
                "The word that is written, or `inverse` for the inverse of the word that is written next.");
        static final Shape SHAPE = new Shape("key write", "A word that is written to unlock or lock.", AT, VALUE);

        private KeyWrite() {}
    }

    /** Keys that say where a bit is. */
    private static final class Bit {
        static final Key<At> AT = Key.withDefault(
                "at",
                RuleShapes.AT,
                HERE,
                "+0",
                "The bit's register: an offset in the window, or `+4` or `-4` from this register.");
        static final Key<BitRange> BIT = Key.required("bit", Values.BIT, "The number of the bit.");
        static final Key<Duration> TIMEOUT = Key.withDefault(
                "timeout", Values.DURATION, USUAL_WAIT, "20 us", "How long it may take, at most `50 us`.");

        private Bit() {}
    }

    static final Key<At> BIT_AT = Bit.AT;
    static final Key<BitRange> BIT = Bit.BIT;
    static final Key<Duration> TIMEOUT = Bit.TIMEOUT;

    /** Keys of what must stand still. */
    static final class Stop {
        static final Key<Boolean> RUNNING = level("running", "Which value of the bit lets it run.");
        static final Key<BitRange> BUSY =
                Key.optional("busy", Values.BIT, "The bit of the same register that is 1 until it stands still.");
        static final Shape SHAPE = new Shape(
                "stop bit",
                "What is stopped before the register is written, and runs again after it.",
                Bit.AT,
                Bit.BIT,
                RUNNING,
                BUSY,
                Bit.TIMEOUT);

        private Stop() {}
    }

    /** Keys of a busy bit. */
    static final class Busy {
        static final Key<Boolean> ACTIVE = level("active", "Which value of the bit means busy.");
        static final Shape SHAPE = new Shape(
                "busy bit",
                "The bit that is waited for before and after the register is written.",
                Bit.AT,
                Bit.BIT,
                ACTIVE,
                Bit.TIMEOUT);

        private Busy() {}
    }

    /** Keys of a bit that makes written bits count. */
    static final class Commit {
        static final Key<Boolean> PULSE = Key.withDefault(
                "pulse",
                Values.BOOLEAN,
                false,
                false,
                "Whether the bit is cleared at once by another store, where hardware does not clear it.");
        static final Shape SHAPE = new Shape(
                        "commit bit",
                        "The bit that is set after the register is written, and that hardware clears when that counts.",
                        Bit.AT,
                        Bit.BIT,
                        PULSE,
                        Bit.TIMEOUT)
                .rule(new Shape.Rule.AtMostOne(List.of(PULSE, Bit.TIMEOUT)));

        private Commit() {}
    }

    /** Keys of a lock. */
    static final class LockBit {
        static final Key<Boolean> LOCKED = level("locked", "Which value of the bit means locked.");
        static final Shape SHAPE =
                new Shape("lock bit", "The bit that keeps the register from being changed.", Bit.AT, Bit.BIT, LOCKED);

        private LockBit() {}
    }

    /** Keys of the rule for some registers. */
    static final class Rule {
        static final Key<Boolean> PLAIN = Key.withDefault(
                "plain",
                Values.BOOLEAN,
                false,
                false,
                "Whether the window's `write-key` and `write-mask-shift` do not count here.");
        static final Key<At> SET = Key.optional("set", AT, "Where a 1 sets a bit of this register.");
        static final Key<At> CLEAR = Key.optional("clear", AT, "Where a 1 clears a bit of this register.");
        static final Key<At> READ_AT =
                Key.optional("read-at", AT, "Where the register is read, if not where it is written.");
        static final Key<Long> WRITE_ONLY = Key.optional(
                "write-only", Values.NUMBER, "For a register that cannot be read: what it holds until it is written.");
        static final Key<Long> WRITE_ZERO = Key.withDefault(
                "write-zero", Values.NUMBER, 0L, 0, "Bits that are always written as 0, flags that a 1 clears.");
        static final Key<Long> WRITE_ONE =
                Key.withDefault("write-one", Values.NUMBER, 0L, 0, "Bits that are always written as 1.");
        static final Key<Boolean> WRITE_TWICE =
                Key.withDefault("write-twice", Values.BOOLEAN, false, false, "Whether each store is made twice.");
        static final Key<Fields> STOP = Key.optional(
                "stop", Stop.SHAPE, "What is stopped before the register is written, and runs again after it.");
        static final Key<Fields> BUSY = Key.optional(
                "busy", Busy.SHAPE, "The bit that is waited for before and after the register is written.");
        static final Key<Fields> COMMIT = Key.optional(
                "commit",
                Commit.SHAPE,
                "The bit that is set after the register is written, and that hardware clears when that counts.");
        static final Key<Fields> LOCK_BIT =
                Key.optional("lock-bit", LockBit.SHAPE, "The bit that keeps the register from being changed.");

        static final Shape SHAPE = new Shape(
                        "register rule",
                        "What is special about reading and writing some registers.",
                        PLAIN,
                        SET,
                        CLEAR,
                        READ_AT,
                        WRITE_ONLY,
                        WRITE_ZERO,
                        WRITE_ONE,
                        WRITE_TWICE,
                        STOP,
                        BUSY,
                        COMMIT,
                        LOCK_BIT)
                .rule(new Shape.Rule.Together(List.of(SET, CLEAR)))
                .rule(new Shape.Rule.AtMostOne(List.of(WRITE_ONLY, READ_AT)))
                .rule(new Shape.Rule.AtMostOne(List.of(WRITE_ONLY, SET)));

        private Rule() {}
    }

    /** Keys of a window. */
    static final class Window {
        static final Key<Boolean> BIG_ENDIAN = Key.withDefault(
                "endian",
                Values.choice(words("little", false, "big", true)),
                false,
                "little",
                "The order of a register's bytes: little (the lowest byte first) or big.");
        static final Key<Boolean> WRITE_TWICE = Key.withDefault(
                "write-twice", Values.BOOLEAN, false, false, "Whether each store to a register is made twice.");
        static final Key<Boolean> SHARE_WITH_KERNEL = Key.withDefault(
                "share-with-kernel",
                Values.BOOLEAN,
                false,
                false,
                "Whether physical memory is used even if this host's kernel has a driver for the device.");
        static final Key<List<Located<Fields>>> UNLOCK =
                Key.optional("unlock", Values.list(KeyWrite.SHAPE), "What is written before each store to a register.");
        static final Key<List<Located<Fields>>> RELOCK =
                Key.optional("lock", Values.list(KeyWrite.SHAPE), "What is written after each store to a register.");
        static final Key<List<Named<Offsets, Fields>>> RULES = Key.optional(
                "rules",
                Values.map(
                        "rule",
                        RuleShapes::offsets,
                        Map.of("pattern", "^" + RANGE + "(\\s*,\\s*" + RANGE + ")*$"),
                        Rule.SHAPE),
                "What is special about some registers, by byte offset: `0x10`, `0x10..0x1c`, `0x10..0x50/8`, or several.");

        private Window() {}
    }

    private static Key<Boolean> level(String name, String doc) {
        return Key.withDefault(name, FieldShapes.LEVEL, true, "high", doc);
    }

    private static <T> Map<String, T> words(String firstName, T first, String secondName, T second) {
        Map<String, T> words = new LinkedHashMap<>();
        words.put(firstName, first);
        words.put(secondName, second);
        return words;
    }

    private static At at(String text) throws Malformed {
        boolean minus = text.startsWith("-");
        boolean relative = minus || text.startsWith("+");
        long number = Units.number(relative ? text.substring(1).strip() : text, Long.MAX_VALUE);
        return new At(relative, minus ? -number : number);
    }

    private static KeyValue keyValue(String text) throws Malformed {
        return text.equals("inverse") ? new KeyValue(true, 0) : new KeyValue(false, Units.number(text, -1L));
    }

    private static Offsets offsets(String text) throws Malformed {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            ranges.add(range(part.strip()));
        }
        return new Offsets(ranges);
    }

    private static Range range(String text) throws Malformed {
        int dots = text.indexOf("..");
        if (dots < 0) {
            long only = offset(text);
            return new Range(only, only, 0);
        }
        String behind = text.substring(dots + 2);
        int slash = behind.indexOf('/');
        long first = offset(text.substring(0, dots).strip());
        long last = offset((slash < 0 ? behind : behind.substring(0, slash)).strip());
        if (last < first) {
            throw new Malformed("has the higher offset first: " + text);
        }
        long step = slash < 0 ? 0 : offset(behind.substring(slash + 1).strip());
        if (slash >= 0 && step == 0) {
            throw new Malformed("has a step of 0: " + text);
        }
        return new Range(first, last, step);
    }

    private static long offset(String text) throws Malformed {
        try {
            return Units.number(text, Long.MAX_VALUE);
        } catch (Malformed malformed) {
            throw new Malformed("does not say which registers: write offsets and ranges, like `0x10, 0x20..0x2c` or"
                    + " `0x10..0x50/8`");
        }
    }

    /** The bit of a part, or null if it is wrong. */
    static @Nullable Integer bit(Fields part, Key<BitRange> key) {
        BitRange range = part.get(key);
        return range == null ? null : range.low();
    }
}
