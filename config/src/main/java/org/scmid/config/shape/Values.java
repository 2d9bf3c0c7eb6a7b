// The types of values that board files and service files are made of.
package org.scmid.config.shape;

import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Malformed;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Similar;
import org.scmid.config.document.Units;

/** The types of values that board files and service files are made of. */
public final class Values {
    private static final int LONGEST_NAME = 63;
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,4})\\s*\\.\\.\\s*([0-9]{1,4})");
    private static final Pattern REGISTER = Pattern.compile("([^+\\s]+)(?:\\s*\\+\\s*(\\S+))?");
    private static final Pattern MODE = Pattern.compile("0?o?([0-7]{3})");
    private static final String NUMBER_TEXT = "^(" + Units.HEX + "|" + Units.DECIMAL + ")$";

    /** Any text. */
    public static final Value<String> TEXT =
            named("text", scalar(text -> text, Map.of("type", List.of("string", "number", "boolean"))));

    /** A name that goes over the wire: 1 to 63 printable ASCII characters. */
    public static final Value<String> NAME =
            named("name", scalar(text -> name(text, LONGEST_NAME), nameSchema(LONGEST_NAME, "!-~")));

    public static final Value<Long> RATE =
            named("rate", scalar(Units::rate, quantity(Units.RATE, true, "A rate in Hz, kHz, MHz or GHz.")));
    public static final Value<Long> SIZE =
            named("size", scalar(Units::size, quantity(Units.SIZE, true, "A size in bytes, KiB, MiB ...")));
    public static final Value<Duration> DURATION =
            named("duration", scalar(Units::duration, quantity(Units.TIME, false, "A duration in us, ms, s or min.")));

    public static final Value<Integer> VOLTAGE =
            named("voltage", scalar(Units::voltage, quantity(Units.VOLTAGE, false, "A voltage in uV, mV or V.")));
    public static final Value<Long> POWER =
            named("power", scalar(Units::power, quantity(Units.POWER, false, "A power in uW, mW or W.")));

    /** A number of 64 bits, unsigned. */
    public static final Value<Long> NUMBER = number(-1L);

    public static final Value<Boolean> BOOLEAN =
            named("true-or-false", scalar(Values::bool, Map.of("type", "boolean")));

    /** The numbers of a field's highest and lowest bit. */
    public record BitRange(int high, int low) {}

    public static final Value<BitRange> BITS = named(
            "bits",
            scalar(
                    Values::bits,
                    Map.of(
                            "type",
                            "string",
                            "pattern",
                            "^[0-9]{1,2}\\s*\\.\\.\\s*[0-9]{1,2}$",
                            "examples",
                            List.of("9..8"))));

    public static final Value<BitRange> BIT = named(
            "bit",
            scalar(
                    text -> {
                        int bit = (int) Units.number(text, 63);
                        return new BitRange(bit, bit);
                    },
                    integer(63)));

    /** A register: the window's name and the byte offset in it. */
    public record Register(String window, long offset) {}

    public static final Value<Register> REGISTER_REF = named(
            "register",
            scalar(
                    Values::register,
                    Map.of(
                            "type",
                            "string",
                            "pattern",
                            "^[^+\\s]+(\\s*\\+\\s*[0-9][0-9a-fA-FxX_]*)?$",
                            "examples",
                            List.of("cru+0x10"))));

    public static final Value<Path> PATH =
            named("path", scalar(Values::path, Map.of("type", "string", "minLength", 1)));

    /** Permission bits of a file; octal with or without quotes. */
    public static final Value<Integer> MODE_BITS = named(
            "file-mode",
            scalar(
                    Values::mode,
                    Map.of(
                            "anyOf",
                            List.of(
                                    Map.of("type", "string", "pattern", "^0?o?[0-7]{3}$"),
                                    Map.of("type", "integer", "minimum", 0, "maximum", 777)),
                            "examples",
                            List.of("0660"))));

    private Values() {}

    /** Reads a single value's text. */
    public interface Parser<T> {
        T parse(String text) throws Malformed;
    }

    /** A value that is neither a list nor a mapping. */
    public static <T> Value<T> scalar(Parser<T> parser, Map<String, Object> schema) {
        return new Value<>() {
            @Override
            public @Nullable T read(Node node, Context context) {
                if (!(node instanceof Node.Text text)) {
                    context.problem(node.place(), "must be a single value, not " + node.kind());
                    return null;
                }
                try {
                    return parser.parse(text.value());
                } catch (Malformed malformed) {
                    context.malformed(text, malformed);
                    return null;
                }
            }

            @Override
            public Map<String, Object> schema(Definitions definitions) {
                return schema;
            }
        };
    }

    /**
     * The same value, whose schema is written once and referred to by a name.
     *
     * @param name of the definition, such as {@code rate}
     */
    public static <T> Value<T> named(String name, Value<T> value) {
        return new Value<>() {
            @Override
            public @Nullable T read(Node node, Context context) {
                return value.read(node, context);
            }

            @Override
            public Map<String, Object> schema(Definitions definitions) {
                return definitions.reference(name, value.schema(definitions));
            }
        };
    }

    /** A whole number from 0 to the largest given, decimal or 0x. */
    public static Value<Long> number(long largest) {
        String name = largest < 0 ? "number" : "number-to-" + largest;
        return named(name, scalar(text -> Units.number(text, largest), integer(largest)));
    }

    /** A whole number from 1 to the largest given, decimal or 0x. */
    public static Value<Long> positive(long largest) {
        Map<String, Object> schema = Map.of(
                "anyOf",
                List.of(
                        Map.of("type", "integer", "minimum", 1, "maximum", largest),
                        Map.of("type", "string", "pattern", NUMBER_TEXT)));
        Value<Long> positive = scalar(
                text -> {
                    long value = Units.number(text, largest);
                    if (value == 0) {
                        throw new Malformed("must be at least 1");
                    }
                    return value;
                },
                schema);
        return named("number-from-1-to-" + largest, positive);
    }

    /** One of some words, each of which stands for a value. */
    public static <T> Value<T> choice(Map<String, T> choices) {
        return choice(choices, Problems.allOf(choices.keySet()));
    }

    /** One of so many words that messages name the page that lists them, such as {@code docs/boards.md}. */
    public static <T> Value<T> choiceOfMany(Map<String, T> choices, String page) {
        return choice(choices, "those that " + page + " lists");
    }

    private static <T> Value<T> choice(Map<String, T> choices, String allowed) {
        Map<String, Object> schema = Map.of("enum", written(choices.keySet()));
        return scalar(
                text -> {
                    T value = choices.get(text);
                    if (value == null) {
                        // One number is not a slip for another.
                        String meant = text.matches("[0-9]+") ? null : Similar.closest(text, choices.keySet());
                        throw new Malformed("is not known"
                                + (meant == null ? "" : "; did you mean " + Problems.quote(meant) + "?")
                                + (meant == null ? "; allowed are " : " Allowed are ")
                                + allowed);
                    }
                    return value;
                },
                schema);
    }

    /** Words as YAML reads them: a word that is a number is one. */
    private static List<Object> written(Set<String> words) {
        List<Object> written = new ArrayList<>();
        words.forEach(word -> written.add(word.matches("[0-9]+") ? (Object) Integer.valueOf(word) : word));
        return written;
    }

    /** The words of an enum, in lower case and with hyphens. */
    public static <E extends Enum<E>> Map<String, E> words(Class<E> type) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            words.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
        }
        return words;
    }

    /** A value with the place where it was written. */
    public record Located<T>(T value, Place place) {}

    /** A list; items that are wrong are left out. */
    public static <T> Value<List<Located<T>>> list(Value<T> item) {
        return new Value<>() {
            @Override
            public @Nullable List<Located<T>> read(Node node, Context context) {
                if (!(node instanceof Node.Sequence sequence)) {
                    String hint =
                            node instanceof Node.Text text ? ": write " + Problems.quote("[" + text.value() + "]") : "";
                    context.problem(node.place(), "must be a list, not " + Shape.shown(node) + hint);
                    return null;
                }
                List<Located<T>> items = new ArrayList<>();
                for (Node part : sequence.items()) {
                    if (part instanceof Node.Text text && text.isMissing()) {
                        context.problem(part.place(), "has an empty item");
                        continue;
                    }
                    T value = item.read(part, context.at(part.place()));
                    if (value != null) {
                        items.add(new Located<>(value, part.place()));
                    }
                }
                return items;
            }

            @Override
            public Map<String, Object> schema(Definitions definitions) {
                return Map.of("type", "array", "items", item.schema(definitions));
            }
        };
    }

    /**
     * An entry of a mapping whose keys are free.
     *
     * @param place the key's
     */
    public record Named<K, T>(K key, Place place, @Nullable T value, Place valuePlace) {}

    /**
     * A mapping whose keys are free; entries whose key is wrong are left out, those whose value is wrong have none.
     *
     * @param noun what an entry is called in messages, such as {@code clock}
     * @param key reads a key; two keys that are read as equal are refused even if they are written differently
     */
    public static <K, T> Value<List<Named<K, T>>> map(
            String noun, Parser<K> key, Map<String, Object> keySchema, Value<T> value) {
        return map(noun, true, key, keySchema, value);
    }

    private static <K, T> Value<List<Named<K, T>>> map(
            String noun, boolean standsAlone, Parser<K> key, Map<String, Object> keySchema, Value<T> value) {
        return new Value<>() {
            @Override
            public @Nullable List<Named<K, T>> read(Node node, Context context) {
                if (!(node instanceof Node.Mapping mapping)) {
                    context.problem(node.place(), "must be a mapping, not " + Shape.shown(node));
                    return null;
                }
                List<Named<K, T>> entries = new ArrayList<>();
                Map<K, Node.Entry> earlier = new HashMap<>();
                for (Node.Entry entry : mapping.entries().values()) {
                    Context inner = standsAlone
                            ? context.named(noun, entry.key(), entry.place())
                            : context.numbered(noun, entry.key(), entry.place());
                    K name = null;
                    try {
                        name = key.parse(entry.key());
                    } catch (Malformed malformed) {
                        inner.problem(entry.place(), malformed.reason());
                    }
                    Node.Entry same = name == null ? null : earlier.putIfAbsent(name, entry);
                    if (same != null) {
                        inner.problem(
                                entry.place(),
                                "is the same as " + Problems.quote(same.key()) + " in "
                                        + same.place().seenFrom(entry.place()) + "; keep one of them");
                    }
                    T read = null;
                    if (entry.value() instanceof Node.Text text && text.isMissing()) {
                        inner.problem(text.place(), "has no value");
                    } else {
                        read = value.read(entry.value(), inner);
                    }
                    if (name != null && same == null) {
                        entries.add(new Named<>(
                                name, entry.place(), read, entry.value().place()));
                    }
                }
                return entries;
            }

            @Override
            public Map<String, Object> schema(Definitions definitions) {
                return Map.of(
                        "type",
                        "object",
                        "propertyNames",
                        keySchema,
                        "additionalProperties",
                        value.schema(definitions));
            }
        };
    }

    /** A mapping from numbers to numbers; both decimal or 0x. */
    public static <T> Value<List<Named<Long, T>>> numberMap(String noun, long largestKey, Value<T> value) {
        return map(noun, false, text -> Units.number(text, largestKey), Map.of("pattern", NUMBER_TEXT), value);
    }

    /** Reads a name that goes over the wire. */
    public static String name(String text, int longest) throws Malformed {
        if (text.isEmpty()) {
            throw new Malformed("is not a name: it is empty");
        }
        if (!text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw new Malformed("is not a name: only printable ASCII characters are allowed");
        }
        if (text.startsWith(" ") || text.endsWith(" ")) {
            throw new Malformed("is not a name: it must not begin or end with a space");
        }
        if (text.length() > longest) {
            throw new Malformed(
                    "is too long: a name has at most " + longest + " characters, this has " + text.length());
        }
        return text;
    }

    /**
     * The schema of a name.
     *
     * @param characters what may stand in it besides the space inside, as in a character class
     */
    public static Map<String, Object> nameSchema(int longest, String characters) {
        String pattern = "^[" + characters + "]([ " + characters + "]*[" + characters + "])?$";
        return Map.of("maxLength", longest, "pattern", pattern);
    }

    private static boolean bool(String text) throws Malformed {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Malformed("is not `true` or `false`");
        };
    }

    private static BitRange bits(String text) throws Malformed {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            if (text.matches("[0-9]{1,2}")) {
                throw new Malformed("is one number; write `bit: " + text + "` for one bit, or `bits: HIGH..LOW`");
            }
            throw new Malformed("is not a range of bits; write the highest and the lowest, like `9..8`");
        }
        int high = Integer.parseInt(matcher.group(1));
        int low = Integer.parseInt(matcher.group(2));
        if (high < low) {
            throw new Malformed("has the lower bit first; write `" + low + ".." + high + "`");
        }
        if (high > 63) {
            throw new Malformed("goes beyond bit 63, the highest that a register can have");
        }
        return new BitRange(high, low);
    }

    private static Register register(String text) throws Malformed {
        Matcher matcher = REGISTER.matcher(text);
        if (!matcher.matches()) {
            throw new Malformed("is not a register; write the window and the offset, like `cru+0x10`");
        }
        if (matcher.group(2) == null) {
            return new Register(matcher.group(1), 0);
        }
        try {
            return new Register(matcher.group(1), Units.number(matcher.group(2), Long.MAX_VALUE));
        } catch (Malformed malformed) {
            throw new Malformed(
                    "is not a register: the offset " + Problems.quote(matcher.group(2)) + " " + malformed.reason());
        }
    }

    public static Path path(String text) throws Malformed {
        if (text.isEmpty()) {
            throw new Malformed("is not a path: it is empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException invalid) {
            throw new Malformed("is not a path that this system can have");
        }
    }

    private static int mode(String text) throws Malformed {
        Matcher matcher = MODE.matcher(text);
        if (!matcher.matches()) {
            throw new Malformed("is not a file mode; write three octal digits, like `\"0660\"`");
        }
        return Integer.parseInt(matcher.group(1), 8);
    }

    private static Map<String, Object> integer(long largest) {
        Object maximum = largest < 0 ? new BigInteger(Long.toUnsignedString(largest)) : (Object) largest;
        return Map.of(
                "anyOf",
                List.of(
                        Map.of("type", "integer", "minimum", 0, "maximum", maximum),
                        Map.of("type", "string", "pattern", NUMBER_TEXT)));
    }

    private static Map<String, Object> quantity(Map<String, ?> units, boolean unitMayMiss, String doc) {
        String pattern = "^(" + Units.HEX + "|" + Units.DECIMAL + "(\\.[0-9]+(_[0-9]+)*)?)\\s*("
                + String.join("|", units.keySet()) + ")" + (unitMayMiss ? "?" : "") + "$";
        Map<String, Object> text = Map.of("type", "string", "pattern", pattern);
        Map<String, Object> number = unitMayMiss ? Map.of("type", "integer", "minimum", 0) : Map.of("const", 0);
        return Map.of("description", doc, "anyOf", List.of(number, text));
    }

    /** All items' values, without their places. */
    public static <T> List<T> values(List<Located<T>> items) {
        return items.stream().map(Located::value).toList();
    }
}
