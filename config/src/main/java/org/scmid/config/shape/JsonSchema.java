// The JSON schemas of board files and service files, made from their shapes.
package org.scmid.config.shape;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON schemas (draft 2020-12) of board files and service files, made from their shapes, for editors that complete
 * and validate. They say less than the loader checks: what depends on several parts of a file is not in them.
 */
public final class JsonSchema {
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    /** What stands before the name of a definition in a reference to it. */
    public static final String REFERENCE = "#/$defs/";

    private JsonSchema() {}

    /**
     * Writes the schema of a file.
     *
     * @param shape of the whole file
     * @param extension what else is put into the schema and into its definitions
     */
    public static String write(Shape shape, BiConsumer<Map<String, Object>, Map<String, Object>> extension) {
        Map<String, Object> definitions = new TreeMap<>();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", DRAFT);
        schema.put("title", "scmid " + shape.name());
        schema.putAll(object(shape, new Collector(definitions)));
        extension.accept(schema, definitions);
        schema.put("$defs", definitions);
        String json =
                JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(sorted(schema));
        return json.replace("\r\n", "\n") + "\n";
    }

    /** A reference to a definition. */
    public static Map<String, Object> reference(String name) {
        return Map.of("$ref", REFERENCE + name);
    }

    private record Collector(Map<String, Object> definitions) implements Value.Definitions {
        @Override
        public Map<String, Object> reference(Shape shape) {
            String name = shape.name().replace(' ', '-');
            if (!definitions.containsKey(name)) {
                // Before its content, which may refer to it.
                definitions.put(name, Map.of());
                definitions.put(name, object(shape, this));
            }
            return JsonSchema.reference(name);
        }

        @Override
        public Map<String, Object> reference(String name, Map<String, Object> schema) {
            Object other = definitions.putIfAbsent(name, schema);
            if (other != null && !other.equals(schema)) {
                throw new IllegalStateException("two types of values are called " + name);
            }
            return JsonSchema.reference(name);
        }
    }

    private static Map<String, Object> object(Shape shape, Value.Definitions definitions) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Key<?> key : shape.keys()) {
            Map<String, Object> property = new LinkedHashMap<>();
            property.put("description", key.doc());
            if (key.absentText() != null) {
                property.put("default", key.absentText());
            }
            new TreeMap<>(key.value().schema(definitions)).forEach(property::putIfAbsent);
            properties.put(key.name(), property);
            if (key.required()) {
                required.add(key.name());
            }
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("description", shape.doc());
        object.put("type", "object");
        object.put("additionalProperties", false);
        object.put("properties", properties);
        List<Object> rules = new ArrayList<>();
        shape.rules().forEach(rule -> rules.add(rule(rule)));
        Map<String, Object> otherwise = new LinkedHashMap<>();
        if (!required.isEmpty()) {
            otherwise.put("required", required);
        }
        if (!rules.isEmpty()) {
            otherwise.put("allOf", rules);
        }
        Key<?> standIn = shape.standIn();
        if (standIn == null) {
            object.putAll(otherwise);
        } else {
            List<String> allowed = new ArrayList<>(List.of(standIn.name()));
            shape.besides().forEach(key -> allowed.add(key.name()));
            object.put("if", Map.of("required", List.of(standIn.name())));
            object.put("then", Map.of("propertyNames", Map.of("enum", allowed)));
            object.put("else", otherwise);
        }
        return object;
    }

    private static Map<String, Object> rule(Shape.Rule rule) {
        return switch (rule) {
            case Shape.Rule.ExactlyOne some -> Map.of("oneOf", present(some.keys()));
            case Shape.Rule.AtLeastOne some -> Map.of("anyOf", present(some.keys()));
            case Shape.Rule.AtMostOne some -> {
                List<Object> oneOrNone = new ArrayList<>(present(some.keys()));
                oneOrNone.add(Map.of("not", Map.of("anyOf", present(some.keys()))));
                yield Map.of("oneOf", oneOrNone);
            }
            case Shape.Rule.Together some -> {
                List<String> names = new ArrayList<>();
                some.keys().forEach(key -> names.add(key.name()));
                Map<String, Object> dependent = new LinkedHashMap<>();
                names.forEach(name -> dependent.put(name, names));
                yield Map.of("dependentRequired", dependent);
            }
            case Shape.Rule.Needs needs ->
                Map.of(
                        "dependentRequired",
                        Map.of(needs.key().name(), List.of(needs.other().name())));
            case Shape.Rule.OnlyWith only -> {
                Map<String, Object> then = new LinkedHashMap<>();
                then.put("properties", Map.of(only.selector().name(), Map.of("enum", only.choices())));
                if (!only.absentToo()) {
                    then.put("required", List.of(only.selector().name()));
                }
                yield Map.of("if", Map.of("required", List.of(only.key().name())), "then", then);
            }
            case Shape.Rule.NeededWith needed ->
                Map.of(
                        "if",
                        Map.of(
                                "required",
                                List.of(needed.selector().name()),
                                "properties",
                                Map.of(needed.selector().name(), Map.of("const", needed.choice()))),
                        "then",
                        Map.of("required", List.of(needed.key().name())));
        };
    }

    private static List<Object> present(List<Key<?>> keys) {
        List<Object> present = new ArrayList<>();
        keys.forEach(key -> present.add(Map.of("required", List.of(key.name()))));
        return present;
    }

    /** The same with every mapping in one order: what is written must not depend on how a Map.of iterates. */
    private static Object sorted(Object value) {
        if (value instanceof LinkedHashMap<?, ?> map) {
            Map<String, Object> ordered = new LinkedHashMap<>();
            map.forEach((key, inner) -> ordered.put(String.valueOf(key), sorted(inner)));
            return ordered;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> ordered = new TreeMap<>();
            map.forEach((key, inner) -> ordered.put(String.valueOf(key), sorted(inner)));
            return ordered;
        }
        if (value instanceof List<?> list) {
            List<Object> all = new ArrayList<>();
            list.forEach(inner -> all.add(sorted(inner)));
            return all;
        }
        return value;
    }
}
