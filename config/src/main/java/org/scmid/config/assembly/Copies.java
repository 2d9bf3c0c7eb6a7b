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
import org.scmid.config.document.YamlReader;

/** Makes the copies of templates and ranges of one board, and bounds how much a board may be, with them. */
public final class Copies {
    /** Of all files of the board, and of what is made of them. */
    private static final int MOST_VALUES = YamlReader.MOST_VALUES;

    /** The characters of all these values and their keys. */
    private static final int MOST_CHARACTERS = 2 * YamlReader.MAX_BYTES;

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
    private int charactersLeft = MOST_CHARACTERS;
    private boolean tooMany;

    public Copies(Problems problems) {
        this.problems = problems;
    }

    /** Counts what a file has; whether it is not too much, which is said. */
    boolean add(Node.Mapping file) {
        try {
            count(file, file.place());
            return true;
        } catch (Failed failed) {
            return false;
        }
    }

    /** Counts a name that was made; whether it is not too much, which is said. */
    boolean add(String name, Place.Repetition of) {
        try {
            count(name, of.use());
            return true;
        } catch (Failed failed) {
            return false;
        }
    }

    /** Whether there was more than a board may be, so that it must not be judged further. */
    public boolean areTooMany() {
        return tooMany;
    }

    /** Counts a value and all that is in it. */
    private void count(Node node, Place at) throws Failed {
        switch (node) {
            case Node.Text text -> count(text.value(), at);
            case Node.Sequence sequence -> {
                count("", at);
                for (Node item : sequence.items()) {
                    count(item, at);
                }
            }
            case Node.Mapping mapping -> {
                count("", at);
                for (Node.Entry entry : mapping.entries().values()) {
                    charactersLeft -= entry.key().length();
                    count(entry.value(), at);
                }
            }
            case Node.Broken broken -> throw new Failed();
        }
    }

    /** Counts one value with its characters. */
    private void count(String text, Place at) throws Failed {
        valuesLeft--;
        charactersLeft -= text.length();
        if (tooMany) {
            throw new Failed();
        }
        if (valuesLeft < 0 || charactersLeft < 0) {
            tooMany = true;
            problems.add(
                    at,
                    "from here on the board has more than "
                            + (valuesLeft < 0
                                    ? Problems.grouped(MOST_VALUES) + " values"
                                    : Problems.grouped(MOST_CHARACTERS) + " characters")
                            + ", with what its templates and ranges make; no board needs that");
            throw new Failed();
        }
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
        Place place = node.place().repeated(of);
        return switch (node) {
            case Node.Text text -> {
                Node filled = filled(text, what, parameters, place);
                // A value that stands for a name is not copied, but it is one value more, whatever is in it.
                count(filled, of.use());
                yield filled;
            }
            case Node.Sequence sequence -> {
                count("", of.use());
                List<Node> items = new ArrayList<>();
                for (Node item : sequence.items()) {
                    items.add(copied(item, what, parameters, of));
                }
                yield new Node.Sequence(items, place);
            }
            case Node.Mapping mapping -> {
                count("", of.use());
                Map<String, Node.Entry> entries =
                        LinkedHashMap.newLinkedHashMap(mapping.entries().size());
                for (Node.Entry entry : mapping.entries().values()) {
                    charactersLeft -= entry.key().length();
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
