// The names of resources that a board file describes.
package org.scmid.config.resource;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Malformed;
import org.scmid.config.document.Node;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Named;

/** The names of resources that a board file describes: what goes over the wire, but not {@code all} and {@code all-of}. */
public final class ResourceNames {
    /** Word of a service file for all resources of a kind: none can have this name. */
    public static final String ALL = "all";

    /** Word among the names of a kind, for all else that a platform offers: none can have this name either. */
    public static final String ALL_OF = "all-of";

    private static final int LONGEST = 63;

    private ResourceNames() {}

    /** The resources of a kind by name, each of which is described by a mapping. */
    public static Value<List<Named<String, Fields>>> map(ResourceKind kind, Shape shape) {
        Value<List<Named<String, Fields>>> map = Values.map(kind.label(), name -> read(name, kind), schema(), shape);
        return new Value<>() {
            @Override
            public @Nullable List<Named<String, Fields>> read(Node node, Context context) {
                return map.read(node, context);
            }

            @Override
            public Map<String, Object> schema(Definitions definitions) {
                Map<String, Object> schema = new TreeMap<>(map.schema(definitions));
                schema.put("properties", Map.of(ALL_OF, allOfSchema(kind)));
                return schema;
            }
        };
    }

    private static Map<String, Object> allOfSchema(ResourceKind kind) {
        Map<String, Object> platform = Map.of("type", "string", "minLength", 1);
        Map<String, Object> schema = new TreeMap<>();
        schema.put(
                "description",
                "The platform, or a list of them, whose " + kind.label() + "s are taken besides, by its names.");
        schema.put("anyOf", List.of(platform, Map.of("type", "array", "items", platform)));
        return schema;
    }

    private static String read(String name, ResourceKind kind) throws Malformed {
        if (name.equals(ALL)) {
            throw new Malformed("cannot be the name of a " + kind.label() + ": it means all " + kind.label()
                    + "s in a service file");
        }
        if (name.equals(ALL_OF)) {
            throw new Malformed("cannot be the name of a " + kind.label() + ": it takes all that a platform offers");
        }
        return Values.name(name, LONGEST);
    }

    private static Map<String, Object> schema() {
        Map<String, Object> schema = new TreeMap<>(Values.nameSchema(LONGEST, "!-~"));
        schema.put("not", Map.of("const", ALL));
        return schema;
    }
}
