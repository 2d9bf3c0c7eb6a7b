// Copies of what is written once and stands for several things, with its placeholders filled in.
package org.scmid.config.assembly;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Malformed;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;

/** Makes the copies of templates and ranges of one board, and bounds how many values that may be. */
public final class Copies {
    /** A large board has a few hundred thousand. */
    private static final int MOST_VALUES = 1 << 20;

    /** What names stand for. */
    interface Parameters {
        /** What a name stands for; null if nothing. */
        @Nullable
        Node get(String name);
    }

    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        Failed() {
            super(null, null, false, false);
        }
    }

    private final Problems problems;
    private int valuesLeft = MOST_VALUES;

    public Copies(Problems problems) {
        this.problems = problems;
    }

    /**
     * A copy of a value, and of all that is in it. A text that is only {@code $name} becomes what the name stands for; if
     * that is null, its key is left out.
     *
     * @param what how messages name what the copy is for
     * @param of what the copy's places say
     * @return null if something was wrong, which was said
     */
    @Nullable
    Node copy(Node node, String what, Parameters parameters, Place.Repetition of) {
        try {
            return copied(node, what, parameters, of);
        } catch (Failed failed) {
            return null;
        }
    }

    private Node copied(Node node, String what, Parameters parameters, Place.Repetition of) throws Failed {
        if (valuesLeft == 0) {
            throw new Failed();
        }
        if (--valuesLeft == 0) {
            problems.add(
                    of.use(),
                    "templates and ranges make more than " + MOST_VALUES
                            + " values of this board; no board needs that");
            throw new Failed();
        }
        Place place = node.place().repeated(of);
        return switch (node) {
            case Node.Text text -> filled(text, what, parameters, place);
            case Node.Sequence sequence -> {
                List<Node> items = new ArrayList<>();
                for (Node item : sequence.items()) {
                    items.add(copied(item, what, parameters, of));
                }
                yield new Node.Sequence(items, place);
            }
            case Node.Mapping mapping -> {
                Map<String, Node.Entry> entries =
                        LinkedHashMap.newLinkedHashMap(mapping.entries().size());
                for (Node.Entry entry : mapping.entries().values()) {
                    Node value = copied(entry.value(), what, parameters, of);
                    if (isGivenAsNull(entry.value(), value)) {
                        continue;
                    }
                    entries.put(
                            entry.key(),
                            new Node.Entry(entry.key(), entry.place().repeated(of), value));
                }
                yield new Node.Mapping(entries, place);
            }
            case Node.Broken broken -> throw new Failed();
        };
    }

    private static boolean isGivenAsNull(Node written, Node value) {
        return value instanceof Node.Text text
                && text.isNull()
                && written instanceof Node.Text name
                && Placeholders.only(name.value()) != null;
    }

    private Node filled(Node.Text text, String what, Parameters parameters, Place place) throws Failed {
        String written = text.value();
        String only = Placeholders.only(written);
        Node whole = only == null ? null : parameters.get(only);
        if (whole != null) {
            return whole;
        }
        try {
            String filled = Placeholders.filled(written, name -> single(name, parameters));
            return new Node.Text(filled, text.quoted() || !filled.equals(written), place);
        } catch (Malformed malformed) {
            problems.add(place, what + ": " + Problems.quote(written) + " " + malformed.reason());
            throw new Failed();
        }
    }

    private static String single(String name, Parameters parameters) throws Malformed {
        return switch (parameters.get(name)) {
            case null -> throw new Malformed("has the unknown name " + Problems.quote(name));
            case Node.Text text -> text.value();
            case Node other ->
                throw new Malformed("needs a single value, and " + Problems.quote(name) + " is " + other.kind());
        };
    }
}
