// How a service file writes what an agent is given of a kind.
package org.scmid.config.service;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Node;
import org.scmid.config.document.Problems;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.resource.ResourceNames;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;

/**
 * An agent's list of a kind: {@code all}, or a list of names, of single names with a permission, and of single names with a
 * list of what of control is given. In what is read, the resource may still be {@code all}, or unknown.
 */
final class GrantShapes implements Value<List<Located<Grant>>> {
    private static final Map<String, Permission> PERMISSIONS = Values.words(Permission.class);
    private static final Value<Permission> PERMISSION = Values.choice(PERMISSIONS);

    private final Map<String, Control> controls;
    private final Value<Control> control;
    private final String words;

    GrantShapes(ResourceKind kind) {
        controls = Control.words(kind);
        control = Values.choice(controls);
        words = Problems.allOf(controls.keySet());
    }

    /** What may be said of an item, for the description of its key. */
    String summary() {
        return "`all`, or a list of `name`, `name: none|read|notify|control` and `name: [PARTS]`, parts of control: "
                + String.join(", ", controls.keySet());
    }

    @Override
    public @Nullable List<Located<Grant>> read(Node node, Context context) {
        if (node instanceof Node.Sequence sequence) {
            return items(sequence, context);
        }
        if (node instanceof Node.Text text && text.value().equals(ResourceNames.ALL)) {
            return List.of(new Located<>(new Grant(ResourceNames.ALL, Permission.CONTROL), text.place()));
        }
        context.problem(node.place(), "must be `all` or a list like `[uart, osc: read]`, not " + Shape.shown(node));
        return null;
    }

    private List<Located<Grant>> items(Node.Sequence sequence, Context context) {
        List<Located<Grant>> grants = new ArrayList<>();
        for (Node item : sequence.items()) {
            if (item instanceof Node.Text text && !text.isMissing()) {
                grants.add(new Located<>(new Grant(text.value(), Permission.CONTROL), text.place()));
            } else if (item instanceof Node.Mapping mapping && mapping.entries().size() == 1) {
                Node.Entry entry = mapping.entries().values().iterator().next();
                Grant grant = grant(entry, context.part(entry.key(), entry.place()));
                if (grant != null) {
                    grants.add(new Located<>(grant, entry.place()));
                }
            } else {
                context.problem(
                        item.place(),
                        "has an item that is " + item.kind()
                                + "; an item is `name`, or `name: PERMISSION` with none, read, notify or control, or"
                                + " `name: [WORDS]` with " + words);
            }
        }
        return grants;
    }

    private @Nullable Grant grant(Node.Entry entry, Context context) {
        if (entry.value() instanceof Node.Sequence sequence) {
            Set<Control> some = some(entry.key(), sequence, context);
            return some == null ? null : new Grant(entry.key(), Permission.CONTROL, some);
        }
        if (entry.value() instanceof Node.Text text && controls.containsKey(text.value())) {
            context.problem(
                    text.place(),
                    "is " + Problems.quote(text.value()) + ", which is a part of control; parts are a list: write "
                            + Problems.quote("[" + text.value() + "]"));
            return null;
        }
        Permission permission = PERMISSION.read(entry.value(), context);
        return permission == null ? null : new Grant(entry.key(), permission);
    }

    /** What of control a list gives; null if it is wrong. */
    private @Nullable Set<Control> some(String resource, Node.Sequence sequence, Context context) {
        boolean isSound = !sequence.items().isEmpty();
        if (!isSound) {
            context.problem(
                    sequence.place(),
                    "lists nothing of control; write `read` or `notify`, or a list of some of these: " + words);
        }
        Set<Control> some = EnumSet.noneOf(Control.class);
        for (Node item : sequence.items()) {
            Permission permission = item instanceof Node.Text text ? PERMISSIONS.get(text.value()) : null;
            if (permission != null) {
                context.problem(item.place(), notAPart(resource, permission, Shape.shown(item)));
                isSound = false;
                continue;
            }
            Control part = control.read(item, context);
            if (part != null && !some.add(part)) {
                context.problem(item.place(), "lists " + Shape.shown(item) + " twice");
            }
            isSound &= part != null;
        }
        if (!isSound) {
            return null;
        }
        return some.containsAll(controls.values()) ? Grant.ALL : some;
    }

    private static String notAPart(String resource, Permission permission, String word) {
        return switch (permission) {
            case NONE, CONTROL ->
                "lists " + word + ", which stands alone: write "
                        + Problems.quote(resource + ": " + permission.name().toLowerCase(Locale.ROOT));
            case READ, NOTIFY -> "lists " + word + ", which every such list includes; remove it";
        };
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> permission = Map.of("enum", List.copyOf(PERMISSIONS.keySet()));
        Map<String, Object> some =
                Map.of("type", "array", "items", control.schema(definitions), "minItems", 1, "uniqueItems", true);
        Map<String, Object> withPermission = Map.of(
                "type",
                "object",
                "minProperties",
                1,
                "maxProperties",
                1,
                "additionalProperties",
                Map.of("anyOf", List.of(permission, some)));
        Map<String, Object> item =
                Map.of("anyOf", List.of(Map.of("type", List.of("string", "number")), withPermission));
        return Map.of("anyOf", List.of(Map.of("const", ResourceNames.ALL), Map.of("type", "array", "items", item)));
    }
}
