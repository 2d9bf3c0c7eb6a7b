// Units that differ by a number only: `uart{0..7}` stands for eight of them.
package org.scmid.config.assembly;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.resource.Unit;

/**
 * Unfolds names with a range, such as {@code uart{0..7}}, in everything that a board has by name. In what is said of them
 * {@code $i} is the number.
 */
final class Ranges {
    /** The name of the number. */
    static final String INDEX = "i";

    private static final int MOST_NUMBERS = 65_536;
    private static final Pattern RANGE = Pattern.compile("([^{}]*+)\\{([^{}]*+)\\}([^{}]*+)");
    private static final Pattern NUMBERS =
            Pattern.compile("\\s*(0|[1-9][0-9]{0,8})\\s*\\.\\.\\s*(0|[1-9][0-9]{0,8})\\s*");

    private final Problems problems;
    private final Copies copies;

    private Ranges(Problems problems, Copies copies) {
        this.problems = problems;
        this.copies = copies;
    }

    /** A file's tree with every range unfolded. */
    static Node.Mapping unfolded(Node.Mapping root, Problems problems, Copies copies) {
        Ranges ranges = new Ranges(problems, copies);
        Map<String, Node.Entry> entries = new LinkedHashMap<>(root.entries());
        for (Unit unit : Unit.ALL) {
            Node.Entry entry = entries.get(unit.key());
            if (entry != null
                    && entry.value() instanceof Node.Mapping units
                    && units.entries().keySet().stream().anyMatch(name -> name.indexOf('{') >= 0)) {
                entries.put(entry.key(), new Node.Entry(entry.key(), entry.place(), ranges.units(unit, units)));
            }
        }
        return new Node.Mapping(entries, root.place());
    }

    private Node.Mapping units(Unit unit, Node.Mapping units) {
        Map<String, Node.Entry> unfolded = new LinkedHashMap<>();
        for (Node.Entry entry : units.entries().values()) {
            Matcher range = entry.key().indexOf('{') < 0 ? null : RANGE.matcher(entry.key());
            List<Node.Entry> made =
                    range != null && range.matches() && range.group(2).contains("..")
                            ? range(unit, entry, range)
                            : List.of(entry);
            for (Node.Entry each : made) {
                Node.Entry earlier = unfolded.putIfAbsent(each.key(), each);
                if (earlier != null) {
                    problems.add(
                            each.place(),
                            unit.noun() + " " + Problems.quote(each.key()) + " was already described in "
                                    + earlier.place().seenFrom(each.place())
                                    + "; leave its number out of one of them");
                }
            }
        }
        return new Node.Mapping(unfolded, units.place());
    }

    private List<Node.Entry> range(Unit unit, Node.Entry entry, Matcher name) {
        Matcher numbers = NUMBERS.matcher(name.group(2));
        String wrong = !numbers.matches() ? "write the lowest and the highest number, like `uart{0..7}`" : null;
        long first = wrong == null ? Long.parseLong(numbers.group(1)) : 0;
        long last = wrong == null ? Long.parseLong(numbers.group(2)) : 0;
        if (first > last) {
            wrong = "the lower number is first: write `{" + last + ".." + first + "}`";
        } else if (last - first >= MOST_NUMBERS) {
            wrong = "these are " + (last - first + 1) + " numbers, and at most " + MOST_NUMBERS + " are allowed";
        }
        if (wrong != null) {
            problems.add(entry.place(), unit.noun() + " " + Problems.quote(entry.key()) + ": " + wrong);
            return List.of();
        }
        Place.Repetition repetition = new Place.Repetition(null, entry.place());
        List<Node.Entry> made = new ArrayList<>();
        for (long i = first; i <= last; i++) {
            String unfolded = name.group(1) + i + name.group(3);
            if (!copies.add(unfolded, repetition)) {
                break;
            }
            Node index = new Node.Text(Long.toString(i), false, entry.place().repeated(repetition));
            Node copy = copies.copy(
                    entry.value(),
                    unit.noun() + " " + Problems.quote(unfolded),
                    named -> index(named, index),
                    repetition);
            made.add(new Node.Entry(
                    unfolded,
                    entry.place().repeated(repetition),
                    copy == null ? new Node.Broken(entry.place()) : copy));
        }
        return made;
    }

    private static @Nullable Node index(String name, Node index) {
        return name.equals(INDEX) ? index : null;
    }
}
