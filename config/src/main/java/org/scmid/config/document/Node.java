// A YAML file as a tree that knows where everything was written.
package org.scmid.config.document;

import java.util.List;
import java.util.Map;

/** A value in a YAML file, with the place where it was written. */
public sealed interface Node {

    /** Where the value begins; for a missing value, where its key is. */
    Place place();

    /** What it is, for messages. */
    String kind();

    /**
     * Anything that is neither a list nor a mapping, as it was written: numbers and booleans are not interpreted here,
     * so that 0x10, 0660 and 9..8 reach whoever knows what they mean.
     *
     * @param quoted whether it was in quotes or a block, so that it is text whatever it looks like
     */
    record Text(String value, boolean quoted, Place place) implements Node {
        /** Whether nothing was written, or YAML's words for nothing. */
        public boolean isMissing() {
            return !quoted && (value.isEmpty() || value.equals("~") || value.equals("null"));
        }

        /** Whether nothing is what was written, by a word: what was there before is taken away. */
        public boolean isNull() {
            return !quoted && (value.equals("~") || value.equals("null"));
        }

        @Override
        public String kind() {
            return isMissing() ? "empty" : "a single value";
        }
    }

    /** What should have been made of a template or a range of names, and could not, as was said already. */
    record Broken(Place place) implements Node {
        @Override
        public String kind() {
            return "wrong";
        }
    }

    /** A list. */
    record Sequence(List<Node> items, Place place) implements Node {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A mapping, its entries by key in the file's order. */
    record Mapping(Map<String, Entry> entries, Place place) implements Node {
        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** A key and its value; the place is the key's. */
    record Entry(String key, Place place, Node value) {}
}
