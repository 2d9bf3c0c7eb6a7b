// Collects what is wrong, so that all of it is reported at once.
package org.scmid.config.document;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedSet;

/** Collects what is wrong, so that all of it is reported at once; and writes the parts that messages share. */
public final class Problems {
    private static final int LONGEST_QUOTE = 60;

    /** A mistake in a template is the same mistake wherever it is used. */
    private static final int MOST_REPETITIONS = 3;

    /** Suggestions compare with every known name: a file that is wrong throughout must not make that quadratic. */
    private static final int MOST_SUGGESTIONS = 100;

    private final SequencedSet<Problem> found = new LinkedHashSet<>();
    private int suggestionsLeft = MOST_SUGGESTIONS;

    public void add(Place place, String message) {
        found.add(new Problem(place, message));
    }

    public void addAll(Collection<Problem> others) {
        found.addAll(others);
    }

    /** How many were found so far: what reads a part compares before and after to know whether the part is sound. */
    public int count() {
        return found.size();
    }

    public void throwIfAny() throws ConfigException {
        if (!found.isEmpty()) {
            throw exception();
        }
    }

    /** All problems, file by file in the order of their places. */
    public ConfigException exception() {
        Map<String, List<Problem>> byFile = new LinkedHashMap<>();
        for (Problem problem : once()) {
            byFile.computeIfAbsent(problem.place().file(), file -> new ArrayList<>())
                    .add(problem);
        }
        List<Problem> sorted = new ArrayList<>();
        for (List<Problem> ofFile : byFile.values()) {
            ofFile.sort(
                    Comparator.comparingInt((Problem problem) -> problem.place().line())
                            .thenComparingInt(problem -> problem.place().column()));
            sorted.addAll(ofFile);
        }
        return new ConfigException(sorted);
    }

    /** What is wrong in one place for several of the things that it stands for is said of the first ones only. */
    private Collection<Problem> once() {
        Map<Place, Integer> repeated = new HashMap<>();
        SequencedSet<Problem> once = new LinkedHashSet<>();
        for (Problem problem : found) {
            Place place = problem.place();
            Place.Repetition repetition = place.repetition();
            if (repetition == null) {
                once.add(problem);
            } else if (repeated.merge(place.position(), 1, Integer::sum) <= MOST_REPETITIONS) {
                String template = repetition.template();
                String use = template == null
                        ? ""
                        : " (template " + quote(template) + ", used in "
                                + repetition.use().seenFrom(place) + ")";
                once.add(new Problem(place.position(), problem.message() + use));
            }
        }
        return once;
    }

    public static ConfigException single(Place place, String message) {
        return new ConfigException(List.of(new Problem(place, message)));
    }

    /** A name or value as messages show it: in backticks, on one line, not longer than a line should be. */
    public static String quote(String value) {
        StringBuilder shown = new StringBuilder("`");
        int length = 0;
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            i += Character.charCount(c);
            if (++length > LONGEST_QUOTE) {
                shown.append("...");
                break;
            }
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\t' -> shown.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || isLineBreak(c)) {
                        shown.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        shown.appendCodePoint(c);
                    }
                }
            }
        }
        return shown.append('`').toString();
    }

    private static boolean isLineBreak(int c) {
        return c == 0x2028 || c == 0x2029;
    }

    /** {@code 1 bit}, {@code 2 bits}. */
    public static String counted(int n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }

    /** {@code `a`, `b` or `c`}. */
    public static String anyOf(Collection<String> names) {
        return enumerate(names, " or ");
    }

    /** {@code `a`, `b` and `c`}. */
    public static String allOf(Collection<String> names) {
        return enumerate(names, " and ");
    }

    private static String enumerate(Collection<String> names, String last) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        for (String name : names) {
            if (i > 0) {
                text.append(i == names.size() - 1 ? last : ", ");
            }
            text.append(quote(name));
            i++;
        }
        return text.toString();
    }

    /** {@code ; did you mean `x`?}, or else what is known if that is short, or else nothing. */
    public String didYouMean(String given, Collection<String> known) {
        if (suggestionsLeft > 0) {
            suggestionsLeft--;
            String closest = Similar.closest(given, known);
            if (closest != null) {
                return "; did you mean " + quote(closest) + "?";
            }
        }
        if (known.isEmpty()) {
            return "";
        }
        if (known.size() <= 16) {
            return "; known " + (known.size() == 1 ? "is " : "are ") + allOf(known);
        }
        return "";
    }
}
