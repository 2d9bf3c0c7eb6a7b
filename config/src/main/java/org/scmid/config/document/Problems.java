// Collects what is wrong, so that it is reported at once.
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

/**
 * Collects what is wrong, so that it is reported at once: the first {@value #MOST} problems, and of others how many. At
 * {@value #ENOUGH} it ends the reading. And writes the parts that messages share.
 */
public final class Problems {
    /** Nobody reads more of them; a file that is wrong throughout has a hundred thousand. */
    static final int MOST = 300;

    /** Whoever reads on behind so many says nothing new, and takes seconds for it. */
    static final int ENOUGH = 10_000;

    /** There are so many problems that the rest is not looked at. Who began the reading ends it, with those collected. */
    public static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Enough() {
            super("a file with more mistakes than are counted", null, false, false);
        }
    }

    private static final int LONGEST_QUOTE = 60;
    private static final int MOST_NAMES = 40;

    /** A mistake in a template is the same mistake wherever it is used. */
    private static final int MOST_REPETITIONS = 3;

    /** Suggestions compare with every known name: a file that is wrong throughout must not make that quadratic. */
    private static final int MOST_SUGGESTIONS = 100;

    /** How many pairs of characters are compared for one suggestion: a fraction of a second. */
    private static final long MOST_COMPARED = 16 << 20;

    private final SequencedSet<Problem> found = new LinkedHashSet<>();

    /** How often something was said of a place that stands for several things. */
    private final Map<Place, Integer> repeated = new HashMap<>();

    private int count;
    private int more;
    private int suggestionsLeft = MOST_SUGGESTIONS;

    /**
     * Adds one. What is wrong in one place for several of the things that it stands for is kept of the first ones only.
     *
     * @throws Enough if it is the last one that is counted
     */
    public void add(Place place, String message) {
        add(new Problem(place, message));
    }

    /** Adds those of another file. */
    public void addAll(ConfigException others) {
        others.problems().forEach(this::add);
        count += others.more();
        more += others.more();
    }

    private void add(Problem problem) {
        count++;
        Place place = problem.place();
        boolean isRepeated = place.repetition() != null;
        if (found.contains(problem)
                || (isRepeated && repeated.merge(place.position(), 1, Integer::sum) > MOST_REPETITIONS)) {
            return;
        }
        if (found.size() < MOST) {
            found.add(problem);
        } else {
            more++;
        }
        if (count >= ENOUGH) {
            throw new Enough();
        }
    }

    /** How many were added so far: what reads a part compares before and after to know whether the part is sound. */
    public int count() {
        return count;
    }

    public void throwIfAny() throws ConfigException {
        if (!found.isEmpty()) {
            throw exception();
        }
    }

    /** The problems, file by file in the order of their places. */
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
        return new ConfigException(sorted, more, count < ENOUGH);
    }

    /** What is said of things that were written once names where they are used, if that is elsewhere. */
    private Collection<Problem> once() {
        SequencedSet<Problem> once = new LinkedHashSet<>();
        for (Problem problem : found) {
            Place place = problem.place();
            Place.Repetition repetition = place.repetition();
            if (repetition == null) {
                once.add(problem);
            } else {
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
        return new ConfigException(List.of(new Problem(place, message)), 0, true);
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

    /** {@code 65,536}. */
    public static String grouped(int n) {
        return String.format(Locale.ROOT, "%,d", n);
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
            if (i == MOST_NAMES) {
                return text.append(" and ")
                        .append(grouped(names.size() - i))
                        .append(" more")
                        .toString();
            }
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
            long characters = known.stream().mapToLong(String::length).sum();
            String closest = characters * given.length() > MOST_COMPARED ? null : Similar.closest(given, known);
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
