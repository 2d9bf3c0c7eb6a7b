// What a board file may say: its keys, their types, defaults and meaning.
package org.scmid.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.scmid.config.Values.BitRange;
import org.scmid.config.Values.Located;
import org.scmid.config.Values.Named;
import org.scmid.config.Values.Register;

/** What a board file may say. A hardware kind to come gets a shape here, and a branch in {@link BoardReader}. */
final class BoardShapes {
    /** Word of a service file for all clocks: no clock can have this name. */
    static final String ALL = "all";

    private BoardShapes() {}

    /** Keys of a register window. */
    static final class Window {
        static final Key<Long> AT = Key.optional("at", Values.NUMBER, "Physical address of the first register.");
        static final Key<Long> SIZE =
                Key.required("size", Values.SIZE, "Length of the window in bytes, such as `4 KiB`.");
        static final Key<Integer> WIDTH = Key.withDefault(
                "width",
                Values.choice(ordered("8", 8, "16", 16, "32", 32, "64", 64)),
                32,
                32,
                "Width of the registers in bits.");
        static final Key<Access> ACCESS = Key.withDefault(
                "access",
                Values.scalar(
                        BoardShapes::access,
                        Map.of("type", "string", "pattern", "^(devmem|simulated|uio:.+|file:.+|qtest:.+)$")),
                new Access.Devmem(),
                "devmem",
                "How the registers are reached: devmem, uio:NAME, file:PATH, qtest:SOCKET or simulated.");
        static final Key<Long> WRITE_KEY = Key.optional(
                "write-key", Values.NUMBER, "Bits that are set in every word that is written (a password).");
        static final Key<Long> WRITE_MASK_SHIFT = Key.optional(
                "write-mask-shift",
                Values.positive(63),
                "Every write also sets the mask of the bits it changes, shifted left by this; 16 for Rockchip.");
        static final Key<List<Named<Long, Long>>> INITIAL = Key.optional(
                "initial",
                Values.numberMap("initial value at", Long.MAX_VALUE, Values.NUMBER),
                "Values by byte offset that a simulated window starts with; others are 0.");

        static final Shape SHAPE = new Shape(
                "register window",
                "A window of registers of one width.",
                AT,
                SIZE,
                WIDTH,
                ACCESS,
                WRITE_KEY,
                WRITE_MASK_SHIFT,
                RuleShapes.Window.WRITE_TWICE,
                RuleShapes.Window.BIG_ENDIAN,
                RuleShapes.Window.UNLOCK,
                RuleShapes.Window.RELOCK,
                RuleShapes.Window.RULES,
                RuleShapes.Window.SHARE_WITH_KERNEL,
                INITIAL);

        private Window() {}
    }

    /**
     * Keys that say where a field is, shared by all that has fields. In a class of their own: the parts below must not
     * depend on this whole, which is made of them.
     */
    static final class Field {
        static final Key<Register> REGISTER = Key.required(
                "register", Values.REGISTER_REF, "The register: window and byte offset, such as `cru+0x10`.");
        static final Key<Register> REGISTER_IF_ANY = Key.optional(
                "register", Values.REGISTER_REF, "The register: window and byte offset, such as `cru+0x10`.");
        static final Key<BitRange> BITS =
                Key.optional("bits", Values.BITS, "The field's highest and lowest bit, such as `9..8`.");
        static final Key<BitRange> BIT = Key.optional("bit", Values.BIT, "The field's bit if it is only one.");

        private Field() {}
    }

    /** Keys of a multiplexer. */
    static final class Mux {
        static final Key<List<Located<Long>>> VALUES = Key.optional(
                "values",
                Values.list(Values.NUMBER),
                "The raw value of each parent, in the order of the parents; 0, 1, 2 ... if not given.");
        static final Key<List<Named<Long, String>>> ALSO = Key.optional(
                "also",
                Values.numberMap("raw value", Long.MAX_VALUE, Values.TEXT),
                "Further raw values that select a parent, such as `{ 1: pll }`; they are read, and never written.");
        static final Key<Fields> STATUS = Key.optional(
                "status",
                ReadyShapes.Status.SHAPE,
                "The field by which the multiplexer says which parent it runs from, which is waited for.");

        static final Shape SHAPE = new Shape(
                        "mux",
                        "The field that selects the parent.",
                        Field.REGISTER,
                        Field.BITS,
                        Field.BIT,
                        VALUES,
                        ALSO,
                        STATUS)
                .rule(new Shape.Rule.ExactlyOne(List.of(Field.BITS, Field.BIT)));

        private Mux() {}
    }

    /** The kinds of dividers. */
    enum DividerKind {
        LINEAR,
        ONE_BASED,
        POWER_OF_TWO,
        TABLE,
        FRACTIONAL
    }

    /** Keys of a divider. */
    static final class Divider {
        static final Key<DividerKind> KIND = Key.optional(
                "kind",
                Values.choice(Values.words(DividerKind.class)),
                "How the raw value n divides: linear (n+1), one-based (n), power-of-two (2^n), table or fractional.");
        static final Key<DividerSpec.WhenZero> ZERO = Key.withDefault(
                "zero",
                Values.choice(Values.words(DividerSpec.WhenZero.class)),
                DividerSpec.WhenZero.STOP,
                "stop",
                "What n = 0 does in a one-based divider: stop (0 Hz), bypass (undivided) or max (2^width).");
        static final Key<List<Named<Long, Long>>> TABLE = Key.optional(
                "table",
                Values.numberMap("table entry", 0xffff_ffffL, Values.positive(0xffff_ffffL)),
                "The divisor of each raw value, for kind table.");
        static final Key<BitRange> INTEGER =
                Key.optional("integer", Values.BITS, "Bits of the integer part, for kind fractional.");
        static final Key<BitRange> FRACTION =
                Key.optional("fraction", Values.BITS, "Bits of the fraction, for kind fractional.");
        static final Key<Long> MIN = Key.withDefault(
                "min",
                Values.positive(0xffff_ffffL),
                1L,
                1,
                "The least divisor that may be set, a whole number, for kind fractional.");

        static final Shape SHAPE = rules(new Shape(
                        "divider",
                        "The field that divides the rate.",
                        Field.REGISTER,
                        Field.BITS,
                        Field.BIT,
                        KIND,
                        ZERO,
                        TABLE,
                        INTEGER,
                        FRACTION,
                        MIN))
                .rule(new Shape.Rule.Needs(MIN, INTEGER));

        private Divider() {}

        /** Adds what holds for everything that has the kinds of a divider. */
        static Shape rules(Shape shape) {
            return shape.rule(new Shape.Rule.AtLeastOne(List.of(KIND, TABLE, INTEGER)))
                    .rule(new Shape.Rule.ExactlyOne(List.of(Field.BITS, Field.BIT, INTEGER)))
                    .rule(new Shape.Rule.Together(List.of(INTEGER, FRACTION)))
                    .rule(new Shape.Rule.OnlyWith(TABLE, KIND, List.of("table"), true))
                    .rule(new Shape.Rule.NeededWith(TABLE, KIND, "table"))
                    .rule(new Shape.Rule.OnlyWith(INTEGER, KIND, List.of("fractional"), true))
                    .rule(new Shape.Rule.NeededWith(INTEGER, KIND, "fractional"))
                    .rule(new Shape.Rule.OnlyWith(ZERO, KIND, List.of("one-based"), false));
        }
    }

    /** Keys of a gate. */
    static final class Gate {
        static final Key<BitRange> GATE_BIT =
                Key.required("bit", Values.BIT, "The number of the bit that lets the clock run, such as `3`.");
        static final Key<Boolean> ENABLE = Key.withDefault(
                "enable",
                Values.choice(ordered("high", true, "low", false)),
                true,
                "high",
                "Which value of the bit lets the clock run.");

        static final Key<Fields> READY = Key.optional(
                "ready",
                ReadyShapes.Ready.SHAPE,
                "The bit by which the clock says that it is stable, which is waited for.");

        static final Shape SHAPE =
                new Shape("gate", "The bit that lets the clock run.", Field.REGISTER, GATE_BIT, ENABLE, READY);

        private Gate() {}
    }

    /** What is done with a clock of the host. */
    enum HostAccess {
        READ,
        WRITE
    }

    /** Keys of a clock. */
    static final class Clock {
        static final Key<Long> FIXED =
                Key.optional("fixed", Values.RATE, "The rate of a clock without parents, such as `24 MHz`.");
        static final Key<String> HOST_CLOCK = Key.optional(
                "host-clock",
                HostSensorShapes.FOLDER,
                "The clock of the host's kernel, by its name in debugfs, whose rate this one has.");
        static final Key<HostAccess> HOST_ACCESS = Key.withDefault(
                "host-access",
                Values.choice(Values.words(HostAccess.class)),
                HostAccess.READ,
                "read",
                "What is done with the host's clock: read, or write: agents may set its rate and switch it.");
        static final Key<String> PARENT = Key.optional("parent", Values.TEXT, "The clock that this one runs from.");
        static final Key<List<Located<String>>> PARENTS = Key.optional(
                "parents", Values.list(Values.TEXT), "The clocks that this one can run from, in the mux's order.");

        static final Key<Long> MULTIPLY =
                Key.withDefault("multiply", Values.positive(Integer.MAX_VALUE), 1L, 1, "Multiplies the parent's rate.");
        static final Key<Long> DIVIDE =
                Key.withDefault("divide", Values.positive(Integer.MAX_VALUE), 1L, 1, "Divides the parent's rate.");
        static final Key<Fields> FACTOR = Key.optional(
                "factor",
                new Shape("factor", "A fixed relation to the parent's rate.", MULTIPLY, DIVIDE),
                "A fixed relation to the parent's rate.");

        static final Key<Fields> MUX = Key.optional("mux", BoardShapes.Mux.SHAPE, "The field that selects the parent.");
        static final Key<Fields> DIVIDER =
                Key.optional("divider", BoardShapes.Divider.SHAPE, "The field that divides the rate.");
        static final Key<Fields> PLL = Key.optional(
                "pll", PllShapes.Pll.SHAPE, "A phase-locked loop, which has its own dividers, in place of `divider`.");
        static final Key<Fields> GATE =
                Key.optional("gate", BoardShapes.Gate.SHAPE, "The bit that lets the clock run.");

        static final Key<Long> MIN = Key.withDefault("min", Values.RATE, 0L, 0, "The lowest rate.");
        static final Key<Long> MAX = Key.optional("max", Values.RATE, "The highest rate.");
        static final Key<Fields> RATES = Key.optional(
                "rates",
                new Shape("rate limits", "The bounds of what agents may ask for.", MIN, MAX),
                "The bounds of what agents may ask for.");

        static final Key<Describe> DESCRIBE = Key.withDefault(
                "describe",
                Values.choice(Values.words(Describe.class)),
                Describe.AUTO,
                "auto",
                "How agents are told the rates: auto is a list up to 16 rates and a range above.");
        static final Key<Boolean> REPARENT = Key.withDefault(
                "reparent", Values.BOOLEAN, false, false, "Whether setting the rate may change the parent.");
        static final Key<Boolean> SET_PARENT_RATE = Key.withDefault(
                "set-parent-rate",
                Values.BOOLEAN,
                false,
                false,
                "Whether setting the rate may change the parent's rate.");
        static final Key<Duration> ENABLE_DELAY = Key.optional(
                "enable-delay", Values.DURATION, "Time from enabling to a stable output, such as `50 us`.");

        static final Shape SHAPE = new Shape(
                        "clock",
                        "One clock: root or parent, then mux, factor, divider or PLL, and gate.",
                        FIXED,
                        HOST_CLOCK,
                        HOST_ACCESS,
                        PARENT,
                        PARENTS,
                        FACTOR,
                        MUX,
                        DIVIDER,
                        PLL,
                        GATE,
                        RATES,
                        DESCRIBE,
                        REPARENT,
                        SET_PARENT_RATE,
                        ENABLE_DELAY)
                .rule(new Shape.Rule.AtMostOne(List.of(PARENT, PARENTS)))
                .rule(new Shape.Rule.AtMostOne(List.of(DIVIDER, PLL)));

        private Clock() {}
    }

    /** Keys of a machine by SMBIOS. */
    static final class Smbios {
        static final Key<String> VENDOR =
                Key.optional("vendor", Values.TEXT, "The system's maker, /sys/class/dmi/id/sys_vendor.");
        static final Key<String> PRODUCT =
                Key.optional("product", Values.TEXT, "The product, /sys/class/dmi/id/product_name.");
        static final Key<String> BOARD =
                Key.optional("board", Values.TEXT, "The main board, /sys/class/dmi/id/board_name.");

        static final Shape SHAPE = new Shape("machine", "What SMBIOS says of a machine.", VENDOR, PRODUCT, BOARD)
                .rule(new Shape.Rule.AtLeastOne(List.of(VENDOR, PRODUCT, BOARD)));

        private Smbios() {}
    }

    /**
     * Keys of a whole board file. Like its parts in a class of its own: the class around them has no state, so that it does
     * not matter which of them is used first.
     */
    static final class Root {
        static final Key<List<Located<String>>> INCLUDE = Key.optional(
                "include",
                Includes.VALUE,
                "Board files, or names of built-in boards, that are read before: this file adds to them and changes"
                        + " them.");
        static final Key<Fields> TEMPLATES = Key.optional(
                "templates", Templates.VALUE, "What repeated units have in common, by names that `template` uses.");
        static final Key<String> BOARD = Key.required("board", Values.NAME, "The board's name.");
        static final Key<String> DESCRIPTION =
                Key.withDefault("description", Values.TEXT, "", "", "What the board is, in one line.");
        static final Key<List<Located<String>>> COMPATIBLE = Key.optional(
                "compatible", Values.list(Values.TEXT), "The names that the device tree has for this board.");
        static final Key<List<Located<Fields>>> SMBIOS = Key.optional(
                "smbios", Values.list(Smbios.SHAPE), "The machines without device tree that this board is, by SMBIOS.");
        static final Key<List<Named<String, Fields>>> REGISTERS = Key.optional(
                "registers",
                Values.map(
                        "register window",
                        BoardShapes::windowName,
                        Map.of("pattern", "^[A-Za-z_][A-Za-z0-9_.-]{0,62}$"),
                        Window.SHAPE),
                "The windows of registers, by name.");
        static final Key<List<Named<String, Fields>>> CLOCKS = Key.required(
                "clocks",
                Values.map("clock", BoardShapes::clockName, clockNameSchema(), Clock.SHAPE),
                "The clocks, by name.");

        static final Key<List<Named<String, Fields>>> SENSORS =
                Key.optional("sensors", SensorShapes.SENSORS, "The sensors, by name.");
        static final Key<List<Named<String, Fields>>> VOLTAGE_DOMAINS = Key.optional(
                ResourceKind.VOLTAGE_DOMAIN.key(),
                Values.map(
                        ResourceKind.VOLTAGE_DOMAIN.label(),
                        ResourceNames.parser(ResourceKind.VOLTAGE_DOMAIN),
                        ResourceNames.schema(),
                        VoltageShapes.Domain.SHAPE),
                "The voltage domains, by name.");
        static final Key<List<Named<String, Fields>>> PERFORMANCE_DOMAINS = Key.optional(
                ResourceKind.PERFORMANCE_DOMAIN.key(),
                Values.map(
                        ResourceKind.PERFORMANCE_DOMAIN.label(),
                        ResourceNames.parser(ResourceKind.PERFORMANCE_DOMAIN),
                        ResourceNames.schema(),
                        PerformanceShapes.Domain.SHAPE),
                "The performance domains, by name.");
        static final Key<List<Named<String, Fields>>> POWER_DOMAINS =
                Key.optional(ResourceKind.POWER_DOMAIN.key(), PowerShapes.DOMAINS, "The power domains, by name.");
        static final Key<List<Named<String, Fields>>> RESETS =
                Key.optional(ResourceKind.RESET.key(), ResetShapes.RESETS, "The resets, by name.");

        /** A board file. */
        static final Shape SHAPE = new Shape(
                "board file",
                "The register windows and the clocks of a piece of hardware.",
                INCLUDE,
                BOARD,
                DESCRIPTION,
                COMPATIBLE,
                SMBIOS,
                REGISTERS,
                TEMPLATES,
                CLOCKS,
                POWER_DOMAINS,
                RESETS,
                SENSORS,
                VOLTAGE_DOMAINS,
                PERFORMANCE_DOMAINS);

        private Root() {}
    }

    /**
     * Reads {@code devmem}, {@code uio:NAME}, {@code file:PATH}, {@code qtest:SOCKET} or {@code simulated}; the path stays
     * relative.
     */
    static Access access(String text) throws Malformed {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String rest = colon < 0 ? "" : text.substring(colon + 1).strip();
        boolean named = !rest.isEmpty();
        if (kind.equals("devmem") && colon < 0) {
            return new Access.Devmem();
        }
        if (kind.equals("simulated") && colon < 0) {
            return new Access.Simulated();
        }
        if (kind.equals("uio") && named) {
            return new Access.Uio(rest);
        }
        if (kind.equals("file") && named) {
            Path path = Values.path(rest);
            return new Access.File(path);
        }
        if (kind.equals("qtest") && named) {
            Path socket = Values.path(rest);
            return new Access.Qtest(socket);
        }
        throw new Malformed(
                "is not known; allowed are `devmem`, `uio:NAME`, `file:PATH`, `qtest:SOCKET` and `simulated`");
    }

    private static String windowName(String text) throws Malformed {
        if (!text.matches("[A-Za-z_][A-Za-z0-9_.-]{0,62}")) {
            throw new Malformed("is not a name of a register window: letters, digits, `_`, `-` and `.` are allowed, "
                    + "and a letter must be first");
        }
        return text;
    }

    private static String clockName(String text) throws Malformed {
        if (text.equals(ALL)) {
            throw new Malformed("cannot be the name of a clock: it means all clocks in a service file");
        }
        return Values.name(text, 63);
    }

    private static Map<String, Object> clockNameSchema() {
        Map<String, Object> schema = new TreeMap<>(Values.nameSchema(63, "!-~"));
        schema.put("not", Map.of("const", ALL));
        return schema;
    }

    private static <T> Map<String, T> ordered(String firstName, T first, String secondName, T second) {
        Map<String, T> map = new LinkedHashMap<>();
        map.put(firstName, first);
        map.put(secondName, second);
        return map;
    }

    private static <T> Map<String, T> ordered(String n1, T v1, String n2, T v2, String n3, T v3, String n4, T v4) {
        Map<String, T> map = ordered(n1, v1, n2, v2);
        map.putAll(ordered(n3, v3, n4, v4));
        return map;
    }
}
