// The description of a mapping, from which it is read, corrected and put into the JSON schema.
package org.scmid.config.shape;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Node;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Similar;

/**
 * The description of a mapping: its keys and the rules between them. Everything that must agree is made from it: reading
 * with defaults, messages about unknown and missing keys, and the JSON schema.
 */
public final class Shape implements Value<Fields> {
    /** What must hold between keys of one mapping. */
    public sealed interface Rule {
        /** Exactly one of the keys is there. */
        record ExactlyOne(List<Key<?>> keys) implements Rule {}

        /** At least one of the keys is there. */
        record AtLeastOne(List<Key<?>> keys) implements Rule {}

        /** Not more than one of the keys is there. */
        record AtMostOne(List<Key<?>> keys) implements Rule {}

        /** All of the keys are there or none. */
        record Together(List<Key<?>> keys) implements Rule {}

        /** A key that goes only with another. */
        record Needs(Key<?> key, Key<?> other) implements Rule {}

        /** The key is there only if the selecting key is one of these, or absent if that is allowed. */
        record OnlyWith(Key<?> key, Key<?> selector, List<String> choices, boolean absentToo) implements Rule {}

        /** The key is there if the selecting key is this. */
        record NeededWith(Key<?> key, Key<?> selector, String choice) implements Rule {}
    }

    private final String name;
    private final String doc;
    private final Map<String, Key<?>> keys = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private @Nullable Key<?> standIn;
    private Set<Key<?>> besides = Set.of();

    /**
     * A mapping with these keys.
     *
     * @param name what it is called in messages and in the schema, such as {@code clock}
     * @param doc its meaning in one sentence
     */
    public Shape(String name, String doc, Key<?>... keys) {
        this.name = name;
        this.doc = doc;
        for (Key<?> key : keys) {
            this.keys.put(key.name(), key);
        }
    }

    public Shape rule(Rule rule) {
        rules.add(rule);
        return this;
    }

    /**
     * A key that says by itself what the mapping describes: with it nothing else is needed, and no more is allowed than
     * what is named here.
     */
    public Shape standIn(Key<?> key, Key<?>... allowed) {
        standIn = key;
        besides = new LinkedHashSet<>(List.of(allowed));
        return this;
    }

    @Nullable
    Key<?> standIn() {
        return standIn;
    }

    Set<Key<?>> besides() {
        return besides;
    }

    String name() {
        return name;
    }

    String doc() {
        return doc;
    }

    Iterable<Key<?>> keys() {
        return keys.values();
    }

    boolean knows(String key) {
        return keys.containsKey(key);
    }

    public Set<String> keyNames() {
        return keys.keySet();
    }

    List<Rule> rules() {
        return rules;
    }

    @Override
    public @Nullable Fields read(Node node, Context context) {
        if (node instanceof Node.Broken) {
            return null;
        }
        if (!(node instanceof Node.Mapping mapping)) {
            context.problem(
                    node.place(),
                    "must be a mapping with keys such as " + Problems.allOf(important()) + ", not " + shown(node));
            return null;
        }
        int before = context.problems().count();
        boolean says = standIn != null && mapping.entries().containsKey(standIn.name());
        Map<Key<?>, Object> values = new HashMap<>();
        for (Node.Entry entry : mapping.entries().values()) {
            Key<?> key = keys.get(entry.key());
            if (key == null) {
                unknown(entry, context);
                continue;
            }
            Context inner = context.part(entry.key(), entry.place());
            if (says && !key.equals(standIn) && !besides.contains(key)) {
                notBeside(entry, context);
                continue;
            }
            if (entry.value() instanceof Node.Text text && text.isMissing()) {
                inner.problem(text.place(), "has no value");
                continue;
            }
            Object value = key.value().read(entry.value(), inner);
            if (value != null) {
                values.put(key, value);
            }
        }
        for (Key<?> key : keys.values()) {
            if (key.required() && !says && !mapping.entries().containsKey(key.name())) {
                context.problem(context.owner(), "lacks the key " + Problems.quote(key.name()) + ": " + key.doc());
            }
        }
        Fields fields = new Fields(context, mapping, values, true);
        if (!says) {
            for (Rule rule : rules) {
                check(rule, fields, context);
            }
        }
        boolean sound = context.problems().count() == before;
        return new Fields(context, mapping, values, sound);
    }

    public static String shown(Node node) {
        return node instanceof Node.Text text && !text.isMissing() ? Problems.quote(text.value()) : node.kind();
    }

    private List<String> important() {
        List<String> required = keys.values().stream()
                .filter(Key::required)
                .map(Key::name)
                .limit(3)
                .toList();
        return required.isEmpty() ? keys.keySet().stream().limit(3).toList() : required;
    }

    private void unknown(Node.Entry entry, Context context) {
        String key = Problems.quote(entry.key());
        String meant = Similar.closest(entry.key(), keys.keySet());
        context.problems()
                .add(
                        entry.place(),
                        "unknown key " + key + " in " + context.what()
                                + (meant == null
                                        ? "; allowed are " + Problems.allOf(keys.keySet())
                                        : "; did you mean " + Problems.quote(meant) + "?"));
    }

    private void notBeside(Node.Entry entry, Context context) {
        String is = standIn == null ? "" : Problems.quote(standIn.name());
        context.problem(
                entry.place(),
                "has " + Problems.quote(entry.key()) + ", which does not go with " + is
                        + (besides.isEmpty()
                                ? "; nothing is said beside it"
                                : "; beside it only " + Problems.anyOf(names(List.copyOf(besides))) + " can be given"));
    }

    private static void check(Rule rule, Fields fields, Context context) {
        switch (rule) {
            case Rule.ExactlyOne some -> {
                List<String> given = given(some.keys(), fields);
                if (given.isEmpty()) {
                    context.problem(context.owner(), "lacks " + Problems.anyOf(names(some.keys())));
                }
                tooMany(given, fields, context);
            }
            case Rule.AtLeastOne some -> {
                if (given(some.keys(), fields).isEmpty()) {
                    Key<?> first = some.keys().getFirst();
                    List<Key<?>> others = some.keys().subList(1, some.keys().size());
                    context.problem(
                            context.owner(),
                            "lacks the key " + Problems.quote(first.name()) + ": " + first.doc() + " Instead of it "
                                    + Problems.anyOf(names(others)) + " can be given");
                }
            }
            case Rule.AtMostOne some -> tooMany(given(some.keys(), fields), fields, context);
            case Rule.Together some -> {
                List<String> given = given(some.keys(), fields);
                List<String> missing = names(some.keys());
                missing.removeAll(given);
                if (!given.isEmpty() && !missing.isEmpty()) {
                    context.problem(
                            fields.keyPlace(given.getFirst()),
                            "has " + Problems.allOf(given) + " but lacks " + Problems.allOf(missing));
                }
            }
            case Rule.Needs needs -> {
                if (fields.has(needs.key()) && !fields.has(needs.other())) {
                    context.problem(
                            fields.keyPlace(needs.key().name()),
                            "has " + Problems.quote(needs.key().name()) + ", which goes only with "
                                    + Problems.quote(needs.other().name()));
                }
            }
            case Rule.OnlyWith only -> {
                boolean absent = only.absentToo() && !fields.has(only.selector());
                if (fields.has(only.key()) && !absent && !only.choices().contains(fields.text(only.selector()))) {
                    List<String> allowed = only.choices().stream()
                            .map(choice -> only.selector().name() + ": " + choice)
                            .toList();
                    context.problem(
                            fields.keyPlace(only.key().name()),
                            "has " + Problems.quote(only.key().name()) + ", which goes only with "
                                    + Problems.anyOf(allowed));
                }
            }
            case Rule.NeededWith needed -> {
                Key<?> key = needed.key();
                if (!fields.has(key) && fields.text(needed.selector()).equals(needed.choice())) {
                    context.problem(
                            fields.keyPlace(needed.selector().name()),
                            "has " + Problems.quote(needed.selector().name() + ": " + needed.choice()) + " but lacks "
                                    + Problems.quote(key.name()) + ": " + key.doc());
                }
            }
        }
    }

    private static void tooMany(List<String> given, Fields fields, Context context) {
        if (given.size() > 1) {
            context.problem(
                    fields.keyPlace(given.get(1)),
                    "has " + Problems.allOf(given) + "; only one of them is allowed, remove the other");
        }
    }

    private static List<String> given(List<Key<?>> keys, Fields fields) {
        return names(keys.stream().filter(fields::has).toList());
    }

    private static List<String> names(List<? extends Key<?>> keys) {
        List<String> names = new ArrayList<>();
        keys.forEach(key -> names.add(key.name()));
        return names;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return definitions.reference(this);
    }
}
