// The names of resources that a board file describes.
package org.scmid.config.resource;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.scmid.config.document.Malformed;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Named;

/** The names of resources that a board file describes: what goes over the wire, but not {@code all}. */
public final class ResourceNames {
    /** Word of a service file for all resources of a kind: none can have this name. */
    public static final String ALL = "all";

    private static final int LONGEST = 63;

    private ResourceNames() {}

    /** The resources of a kind by name, each of which is described by a mapping. */
    public static Value<List<Named<String, Fields>>> map(ResourceKind kind, Shape shape) {
        return Values.map(kind.label(), name -> read(name, kind), schema(), shape);
    }

    private static String read(String name, ResourceKind kind) throws Malformed {
        if (name.equals(ALL)) {
            throw new Malformed("cannot be the name of a " + kind.label() + ": it means all " + kind.label()
                    + "s in a service file");
        }
        return Values.name(name, LONGEST);
    }

    private static Map<String, Object> schema() {
        Map<String, Object> schema = new TreeMap<>(Values.nameSchema(LONGEST, "!-~"));
        schema.put("not", Map.of("const", ALL));
        return schema;
    }
}
