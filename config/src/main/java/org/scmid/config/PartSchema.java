// The JSON schema of templates, of what uses them, and of files that only add to others.
package org.scmid.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds to the schema of board files what may be said in parts. A part has the keys of the whole, none of which it must
 * have, and every value may be a placeholder, or null, which takes away what was there.
 */
final class PartSchema {
    private static final String REFERENCE = "#/$defs/";
    private static final String PART = "part-of-";
    private static final Map<String, Object> PLACEHOLDER = Map.of("type", "string", "pattern", "\\$");
    private static final Map<String, Object> NOTHING = Map.of("type", "null");
    private static final Map<String, Object> USES_TEMPLATE = Map.of("required", List.of(Templates.USE));

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
    static void extend(Map<String, Object> schema, Map<String, Object> definitions) {
        new PartSchema(definitions).extend(schema);
    }

    private void extend(Map<String, Object> schema) {
        Map<String, Object> properties = new LinkedHashMap<>(mapping(schema.get("properties")));
        Map<String, Object> whole = new LinkedHashMap<>();
        Map<String, Object> added = new LinkedHashMap<>();
        List<Object> templates = new ArrayList<>();
        for (Unit unit : Unit.ALL) {
            Map<String, Object> units = mapping(properties.get(unit.key()));
            String name =
                    String.valueOf(mapping(units.get("additionalProperties")).get("$ref"));
            String part = part(name);
            String use = use(name.substring(REFERENCE.length()), part);
            templates.add(either(use, reference(template(name.substring(REFERENCE.length()), part))));
            Map<String, Object> names = new TreeMap<>();
            names.put("anyOf", List.of(mapping(units.get("propertyNames")), Map.of("pattern", "\\{.*\\.\\..*\\}")));

            Map<String, Object> here = new TreeMap<>();
            here.put("propertyNames", names);
            here.put("patternProperties", Map.of("\\{.*\\.\\..*\\}", either(use, reference(part))));
            here.put("additionalProperties", either(use, reference(name)));
            whole.put(unit.key(), here);
            added.put(unit.key(), Map.of("additionalProperties", Map.of("anyOf", List.of(reference(use), NOTHING))));

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

    private static Map<String, Object> either(String use, Map<String, Object> otherwise) {
        Map<String, Object> either = new LinkedHashMap<>();
        either.put("if", USES_TEMPLATE);
        either.put("then", reference(use));
        either.put("else", otherwise);
        return either;
    }

    /** The definition of a unit that uses a template: any key may be a parameter. */
    private String use(String name, String part) {
        Map<String, Object> unit = new LinkedHashMap<>(mapping(definitions.get(part.substring(REFERENCE.length()))));
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(
                Templates.USE,
                Map.of("description", "The template that this is made of.", "type", "string", "minLength", 1));
        properties.putAll(mapping(unit.get("properties")));
        unit.put("properties", properties);
        unit.remove("additionalProperties");
        String use = name + "-of-template";
        definitions.put(use, unit);
        return REFERENCE + use;
    }

    /** The definition of a template that uses no other: parts of a unit, and values of parameters. */
    private String template(String name, String part) {
        Map<String, Object> unit = new LinkedHashMap<>(mapping(definitions.get(part.substring(REFERENCE.length()))));
        Map<String, Object> properties = new LinkedHashMap<>(mapping(unit.get("properties")));
        properties.put(
                Templates.DEFAULTS,
                Map.of("description", "What parameters are if a unit does not give them.", "type", "object"));
        unit.put("properties", properties);
        String template = name + "-template";
        definitions.put(template, unit);
        return REFERENCE + template;
    }

    /** The definition of a part of what is defined. */
    private String part(String reference) {
        String name = reference.substring(REFERENCE.length());
        String part = PART + name;
        if (!definitions.containsKey(part)) {
            // Before its content, which may refer to it.
            definitions.put(part, Map.of());
            Map<String, Object> content = new LinkedHashMap<>(mapping(definitions.get(name)));
            content.remove("required");
            content.remove("allOf");
            content.remove("oneOf");
            Map<String, Object> properties = new LinkedHashMap<>();
            mapping(content.get("properties")).forEach((key, value) -> properties.put(key, partly(mapping(value))));
            content.put("properties", properties);
            definitions.put(part, content);
        }
        return REFERENCE + part;
    }

    /** A value, or a placeholder for it, or null. */
    private Map<String, Object> partly(Map<String, Object> value) {
        Map<String, Object> outer = new LinkedHashMap<>();
        Map<String, Object> inner = new LinkedHashMap<>(inside(value));
        for (String note : List.of("description", "default", "examples")) {
            Object said = inner.remove(note);
            if (said != null) {
                outer.put(note, said);
            }
        }
        outer.put("anyOf", List.of(inner, PLACEHOLDER, NOTHING));
        return outer;
    }

    /** The same with everything that is in it said partly. */
    private Map<String, Object> inside(Map<String, Object> value) {
        Map<String, Object> inside = new LinkedHashMap<>(value);
        if (value.get("$ref") instanceof String reference) {
            inside.put("$ref", part(reference));
        }
        for (String key : List.of("items", "additionalProperties")) {
            if (value.get(key) instanceof Map<?, ?> nested) {
                inside.put(key, partly(mapping(nested)));
            }
        }
        if (value.get("anyOf") instanceof List<?> choices) {
            inside.put(
                    "anyOf",
                    choices.stream().map(choice -> inside(mapping(choice))).toList());
        }
        return inside;
    }

    private static Map<String, Object> reference(String name) {
        return Map.of("$ref", name);
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
