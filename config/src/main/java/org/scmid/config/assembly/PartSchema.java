// The JSON schema of templates, of what uses them, and of files that only add to others.
package org.scmid.config.assembly;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.Unit;
import org.scmid.config.shape.JsonSchema;

/**
 * Adds to the schema of board files what may be said in parts. A part has the keys of the whole, none of which it must
 * have, and every value may be left open: a placeholder stands for it, or null takes away what was there. A unit that uses
 * a template gives values to parameters besides, which may be called as its keys are: any key may have any value then.
 *
 * <p>Each part refers to the whole as far as it can. Descriptions are said again with each key, as editors show the one
 * that they find there.
 */
public final class PartSchema {
    private static final String PART = "part-of-";
    private static final String PLACEHOLDER = "\\$";
    private static final String RANGE = "\\{.*\\.\\..*\\}";
    private static final Map<String, Object> NOTHING = Map.of("type", "null");
    private static final Map<String, Object> USES_TEMPLATE = Map.of("required", List.of(Templates.USE));

    /** The definition of a value that stands for another, or takes it away. */
    private static final String OPEN = "left-open";

    /** The definition of a value that may be meant for a parameter. */
    private static final String ARGUMENT = "value-of-a-parameter";

    private final Map<String, Object> definitions;

    private PartSchema(Map<String, Object> definitions) {
        this.definitions = definitions;
    }

    /**
     * Extends the schema of board files.
     *
     * @param schema of the whole file
     * @param definitions of the shapes, which get those of the parts
     */
    public static void extend(Map<String, Object> schema, Map<String, Object> definitions) {
        Map<String, Object> open = new LinkedHashMap<>();
        open.put("description", "A placeholder such as `$base`, or `null`, which takes away what was there.");
        open.put("type", List.of("string", "null"));
        open.put("pattern", PLACEHOLDER);
        definitions.put(OPEN, open);
        definitions.put(ARGUMENT, Map.of("description", "Whatever the template makes of its parameter."));
        new PartSchema(definitions).extend(schema);
    }

    private void extend(Map<String, Object> schema) {
        Map<String, Object> properties = new LinkedHashMap<>(mapping(schema.get("properties")));
        Map<String, Object> whole = new LinkedHashMap<>();
        Map<String, Object> added = new LinkedHashMap<>();
        List<Object> templates = new ArrayList<>();
        for (Unit unit : Unit.ALL) {
            Map<String, Object> units = mapping(properties.get(unit.key()));
            String name = String.valueOf(
                            mapping(units.get("additionalProperties")).get("$ref"))
                    .substring(JsonSchema.REFERENCE.length());
            Map<String, Object> part = part(name, false);
            Map<String, Object> use = use(name);
            templates.add(either(use, template(name)));
            Map<String, Object> names = new TreeMap<>();
            names.put("anyOf", List.of(mapping(units.get("propertyNames")), Map.of("pattern", RANGE)));

            Map<String, Object> here = new TreeMap<>();
            Object special = units.get("properties");
            if (special != null) {
                here.put("properties", special);
            }
            here.put("propertyNames", names);
            here.put("patternProperties", Map.of(RANGE, either(use, part)));
            here.put("additionalProperties", either(use, JsonSchema.reference(name)));
            whole.put(unit.key(), here);
            Map<String, Object> there = new TreeMap<>();
            if (special != null) {
                there.put("properties", special);
            }
            there.put("additionalProperties", Map.of("anyOf", List.of(use, NOTHING)));
            added.put(unit.key(), there);

            Map<String, Object> any = new LinkedHashMap<>();
            any.put("description", units.get("description"));
            any.put("type", "object");
            properties.put(unit.key(), any);
        }
        Map<String, Object> all = new LinkedHashMap<>(mapping(properties.get(Templates.KEY.name())));
        all.put("additionalProperties", Map.of("anyOf", templates));
        properties.put(Templates.KEY.name(), all);
        schema.put("properties", properties);

        Map<String, Object> complete = new LinkedHashMap<>();
        complete.put("required", schema.remove("required"));
        complete.put("properties", whole);
        schema.put("if", Map.of("required", List.of(Includes.KEY.name())));
        schema.put("then", Map.of("properties", added));
        schema.put("else", complete);
    }

    private static Map<String, Object> either(Map<String, Object> use, Map<String, Object> otherwise) {
        Map<String, Object> either = new LinkedHashMap<>();
        either.put("if", USES_TEMPLATE);
        either.put("then", use);
        either.put("else", otherwise);
        return either;
    }

    /** What uses a template, or adds to what may use one: any key may be a parameter. */
    private Map<String, Object> use(String name) {
        Map<String, Object> unit = new LinkedHashMap<>(mapping(definitions.get(PART + name)));
        unit.remove("additionalProperties");
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(
                Templates.USE,
                Map.of("description", "The template that this is made of.", "type", "string", "minLength", 1));
        mapping(unit.get("properties")).forEach((key, value) -> {
            Map<String, Object> argument = new LinkedHashMap<>();
            argument.put("description", mapping(value).get("description"));
            argument.put("anyOf", List.of(property(PART + name, key), JsonSchema.reference(ARGUMENT)));
            properties.put(key, argument);
        });
        unit.put("properties", properties);
        return define(name + "-of-template", unit);
    }

    /** A template that uses no other: parts of a unit, and values of parameters. */
    private Map<String, Object> template(String name) {
        Map<String, Object> unit = new LinkedHashMap<>(mapping(definitions.get(PART + name)));
        Map<String, Object> properties = new LinkedHashMap<>();
        mapping(unit.get("properties")).keySet().forEach(key -> properties.put(key, property(PART + name, key)));
        properties.put(
                Templates.DEFAULTS,
                Map.of("description", "What parameters are if a unit does not give them.", "type", "object"));
        unit.put("properties", properties);
        return define(name + "-template", unit);
    }

    /**
     * A part of what is defined.
     *
     * @param open whether all of it may be left open
     */
    private Map<String, Object> part(String name, boolean open) {
        String part = PART + name;
        if (definitions.containsKey(part)) {
            return JsonSchema.reference(part);
        }
        // Before its content, which may refer to it.
        definitions.put(part, Map.of());
        Map<String, Object> whole = mapping(definitions.get(name));
        if (!whole.containsKey("properties")) {
            Map<String, Object> inside = inside(whole);
            return define(part, orOpen(inside.equals(whole) ? JsonSchema.reference(name) : inside));
        }
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("description", whole.get("description"));
        content.put("type", open ? List.of("object", "string", "null") : "object");
        if (open) {
            content.put("pattern", PLACEHOLDER);
        }
        content.put("additionalProperties", false);
        Map<String, Object> properties = new LinkedHashMap<>();
        mapping(whole.get("properties"))
                .forEach((key, value) -> properties.put(key, partly(mapping(value), property(name, key))));
        content.put("properties", properties);
        return define(part, content);
    }

    /** The value of a key, or nothing yet. */
    private Map<String, Object> partly(Map<String, Object> value, Map<String, Object> itself) {
        Map<String, Object> outer = new LinkedHashMap<>();
        Map<String, Object> said = new LinkedHashMap<>(value);
        for (String note : List.of("description", "default")) {
            Object noted = said.remove(note);
            if (noted != null) {
                outer.put(note, noted);
            }
        }
        Map<String, Object> inside = inside(said);
        outer.putAll(said.containsKey("$ref") ? inside : orOpen(inside.equals(said) ? itself : inside));
        return outer;
    }

    private static Map<String, Object> orOpen(Map<String, Object> value) {
        Map<String, Object> either = new LinkedHashMap<>();
        either.put("anyOf", List.of(value, JsonSchema.reference(OPEN)));
        return either;
    }

    /** The same with everything that is in it said partly. */
    private Map<String, Object> inside(Map<String, Object> value) {
        Map<String, Object> inside = new LinkedHashMap<>(value);
        if (value.get("$ref") instanceof String reference) {
            inside.putAll(part(reference.substring(JsonSchema.REFERENCE.length()), true));
        }
        for (String key : List.of("items", "additionalProperties")) {
            if (value.get(key) instanceof Map<?, ?> nested) {
                Map<String, Object> said = mapping(nested);
                inside.put(key, said.containsKey("$ref") ? inside(said) : orOpen(inside(said)));
            }
        }
        if (value.get("anyOf") instanceof List<?> choices) {
            inside.put(
                    "anyOf",
                    choices.stream().map(choice -> inside(mapping(choice))).toList());
        }
        return inside;
    }

    private Map<String, Object> define(String name, Map<String, Object> schema) {
        definitions.put(name, schema);
        return JsonSchema.reference(name);
    }

    /** A reference to what a definition says of a key. */
    private static Map<String, Object> property(String name, String key) {
        return JsonSchema.reference(name + "/properties/" + key);
    }

    private static Map<String, Object> mapping(@Nullable Object value) {
        Map<String, Object> mapping = new LinkedHashMap<>();
        if (value instanceof LinkedHashMap<?, ?> map) {
            map.forEach((key, inner) -> mapping.put(String.valueOf(key), inner));
        } else if (value instanceof Map<?, ?> map) {
            // In an order of its own, which is another in every process.
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, inner) -> sorted.put(String.valueOf(key), inner));
            mapping.putAll(sorted);
        }
        return mapping;
    }
}
