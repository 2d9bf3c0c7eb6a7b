// The names of resources that a board file describes.
package org.scmid.config;

import java.util.Map;
import java.util.TreeMap;

/** The names of resources that a board file describes: what goes over the wire, but not {@code all}. */
final class ResourceNames {
    private static final int LONGEST = 63;

    private ResourceNames() {}

    /** Reads the name of a resource of this kind. */
    static Values.Parser<String> parser(ResourceKind kind) {
        return text -> {
            if (text.equals(BoardShapes.ALL)) {
                throw new Malformed("cannot be the name of a " + kind.label() + ": it means all " + kind.label()
                        + "s in a service file");
            }
            return Values.name(text, LONGEST);
        };
    }

    /** The schema of such a name. */
    static Map<String, Object> schema() {
        Map<String, Object> schema = new TreeMap<>(Values.nameSchema(LONGEST, "!-~"));
        schema.put("not", Map.of("const", BoardShapes.ALL));
        return schema;
    }
}
