// `$name` and `$(arithmetic)` in the text of templates and of ranges of names.
package org.scmid.config.assembly;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Malformed;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Units;
import org.scmid.config.document.YamlReader;

/**
 * {@code $name} and {@code $(arithmetic)} in a text. Arithmetic is {@code +}, {@code -}, {@code *} and parentheses over
 * whole numbers, decimal or 0x, and names; it is done in 64 bits with sign, and what does not fit is an error. {@code $$}
 * is a dollar sign.
 */
final class Placeholders {
    /** Deeper parentheses would be a stack overflow that a file brings about. */
    private static final int MOST_PARENTHESES = 32;

    /** What names stand for. */
    interface Values {
        /**
         * The text that a name stands for.
         *
         * @throws Malformed if it stands for nothing, or for no single value
         */
        String get(String name) throws Malformed;
    }

    private final String text;
    private final Values values;
    private int at;
    private int parentheses;

    private Placeholders(String text, Values values) {
        this.text = text;
        this.values = values;
    }

    /** The name, if the text is {@code $name} and nothing else; or null. */
    static @Nullable String only(String text) {
        if (text.length() < 2 || text.charAt(0) != '$' || !isFirst(text.charAt(1))) {
            return null;
        }
        for (int i = 2; i < text.length(); i++) {
            if (!isNext(text.charAt(i))) {
                return null;
            }
        }
        return text.substring(1);
    }

    /** The text with what its placeholders stand for. */
    static String filled(String text, Values values) throws Malformed {
        return text.indexOf('$') < 0 ? text : new Placeholders(text, values).filled();
    }

    /** The names in a text, in their order. */
    static Set<String> names(String text) throws Malformed {
        Set<String> names = new LinkedHashSet<>();
        filled(text, name -> {
            names.add(name);
            return "0";
        });
        return names;
    }

    private String filled() throws Malformed {
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '$') {
                out.append(c);
            } else if (peek() == '$') {
                at++;
                out.append('$');
            } else if (peek() == '(') {
                at++;
                out.append(parenthesized());
            } else if (isFirst(peek())) {
                out.append(values.get(name()));
            } else {
                throw new Malformed("has a `$` before neither a name nor `(`; a dollar sign is written `$$`");
            }
            if (out.length() > YamlReader.MOST_CHARACTERS) {
                throw new Malformed("stands for more than " + Problems.grouped(YamlReader.MOST_CHARACTERS)
                        + " characters, and no value may have more");
            }
        }
        return out.toString();
    }

    /** Behind {@code $(}: a name alone may be of any text. */
    private String parenthesized() throws Malformed {
        int begin = at;
        skipSpace();
        if (isFirst(peek())) {
            String name = name();
            skipSpace();
            if (peek() == ')') {
                at++;
                return values.get(name);
            }
        }
        at = begin;
        long value = sum();
        expect(')');
        return Long.toString(value);
    }

    private long sum() throws Malformed {
        long sum = product();
        while (true) {
            skipSpace();
            char operator = peek();
            if (operator != '+' && operator != '-') {
                return sum;
            }
            at++;
            long next = product();
            sum = exact(operator, sum, next);
        }
    }

    private long product() throws Malformed {
        long product = operand();
        while (true) {
            skipSpace();
            if (peek() != '*') {
                return product;
            }
            at++;
            product = exact('*', product, operand());
        }
    }

    private long operand() throws Malformed {
        skipSpace();
        if (peek() == '(') {
            if (++parentheses > MOST_PARENTHESES) {
                throw new Malformed("has more than " + MOST_PARENTHESES + " pairs of parentheses");
            }
            at++;
            long value = sum();
            expect(')');
            return value;
        }
        if (isFirst(peek())) {
            String name = name();
            String value = values.get(name);
            try {
                return value.startsWith("-")
                        ? -Units.number(value.substring(1), Long.MAX_VALUE)
                        : Units.number(value, Long.MAX_VALUE);
            } catch (Malformed malformed) {
                throw new Malformed("cannot be computed: " + Problems.quote(name) + " is " + Problems.quote(value)
                        + ", no whole number");
            }
        }
        int begin = at;
        while (isNext(peek())) {
            at++;
        }
        if (begin == at) {
            throw wrong();
        }
        return Units.number(text.substring(begin, at), Long.MAX_VALUE);
    }

    private static long exact(char operator, long a, long b) throws Malformed {
        try {
            return switch (operator) {
                case '+' -> Math.addExact(a, b);
                case '-' -> Math.subtractExact(a, b);
                default -> Math.multiplyExact(a, b);
            };
        } catch (ArithmeticException overflow) {
            throw new Malformed("computes a number that does not fit 64 bits");
        }
    }

    private String name() {
        int begin = at;
        while (isNext(peek())) {
            at++;
        }
        return text.substring(begin, at);
    }

    private void expect(char c) throws Malformed {
        skipSpace();
        if (peek() != c) {
            throw wrong();
        }
        at++;
    }

    private Malformed wrong() {
        String found = at < text.length() ? Problems.quote(text.substring(at, at + 1)) : "the end";
        return new Malformed("is no arithmetic at " + found
                + "; write `$(base + 4*i)`: whole numbers and names with `+`, `-`, `*` and parentheses");
    }

    private void skipSpace() {
        while (peek() == ' ') {
            at++;
        }
    }

    /** The next character; 0 at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private static boolean isFirst(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isNext(char c) {
        return isFirst(c) || (c >= '0' && c <= '9');
    }
}
