// Templates: what repeated units have in common, written once.
package org.scmid.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts templates into the units that use them. Every name that a template has behind a {@code $} is a parameter, and a key
 * that the unit must have; the unit's other keys are merged over those of the template, as the keys of a file are over
 * those of a file that it includes.
 */
final class Templates {
    /** The key of a unit that names its template. */
    static final String USE = "template";

    /** For the schema only: templates are gone before a board file is read by its shape. */
    static final Value<Fields> VALUE = new Value<>() {
        @Override
        public @Nullable Fields read(Node node, Context context) {
            return null;
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            return Map.of("type", "object");
        }
    };

    /**
     * A template.
     *
     * @param place the key's
     * @param body null if something is wrong with it, which was said
     */
    private record Template(Place place, Set<String> parameters, Node.@Nullable Mapping body) {}

    private final Problems problems;
    private final Copies copies;
    private final Map<String, Template> templates = new LinkedHashMap<>();

    private Templates(Problems problems, Copies copies) {
        this.problems = problems;
        this.copies = copies;
    }

    /** A board's tree without templates: each is put in where it is used. */
    static Node.Mapping applied(Node.Mapping root, Problems problems, Copies copies) {
        Templates templates = new Templates(problems, copies);
        Map<String, Node.Entry> entries = new LinkedHashMap<>(root.entries());
        Node.Entry written = entries.remove(BoardShapes.Root.TEMPLATES.name());
        if (written != null) {
            templates.define(written);
        }
        for (Unit unit : Unit.ALL) {
            Node.Entry entry = entries.get(unit.key());
            if (entry != null && entry.value() instanceof Node.Mapping units) {
                entries.put(entry.key(), new Node.Entry(entry.key(), entry.place(), templates.units(unit, units)));
            }
        }
        return new Node.Mapping(entries, root.place());
    }

    private void define(Node.Entry written) {
        if (!(written.value() instanceof Node.Mapping named)) {
            problems.add(
                    written.value().place(),
                    "`templates` of the board file must be a mapping, not " + Shape.shown(written.value()));
            return;
        }
        for (Node.Entry entry : named.entries().values()) {
            Set<String> parameters = new LinkedHashSet<>();
            Node.Mapping body = null;
            String what = "template " + Problems.quote(entry.key());
            if (!(entry.value() instanceof Node.Mapping mapping)) {
                problems.add(entry.value().place(), what + " must be a mapping, not " + Shape.shown(entry.value()));
            } else if (mapping.entries().containsKey(USE)) {
                problems.add(placeOf(mapping, USE), what + " uses a template; only units can, write its keys out here");
            } else if (collect(mapping, what, parameters)) {
                body = mapping;
            }
            templates.put(entry.key(), new Template(entry.place(), parameters, body));
        }
    }

    private static Place placeOf(Node.Mapping mapping, String key) {
        Node.Entry entry = mapping.entries().get(key);
        return entry == null ? mapping.place() : entry.place();
    }

    /** Finds the parameters in a value and all that is in it; whether nothing is wrong there. */
    private boolean collect(Node node, String what, Set<String> parameters) {
        return switch (node) {
            case Node.Text text -> {
                try {
                    parameters.addAll(Placeholders.names(text.value()));
                    yield true;
                } catch (Malformed malformed) {
                    problems.add(text.place(), what + ": " + Problems.quote(text.value()) + " " + malformed.reason());
                    yield false;
                }
            }
            case Node.Sequence sequence -> {
                boolean sound = true;
                for (Node item : sequence.items()) {
                    sound &= collect(item, what, parameters);
                }
                yield sound;
            }
            case Node.Mapping mapping -> {
                boolean sound = true;
                for (Node.Entry entry : mapping.entries().values()) {
                    sound &= collect(entry.value(), what, parameters);
                }
                yield sound;
            }
            case Node.Broken broken -> false;
        };
    }

    private Node.Mapping units(Unit unit, Node.Mapping units) {
        Map<String, Node.Entry> applied =
                LinkedHashMap.newLinkedHashMap(units.entries().size());
        for (Node.Entry entry : units.entries().values()) {
            Node value = entry.value() instanceof Node.Mapping mapping
                            && mapping.entries().containsKey(USE)
                    ? unit(unit.noun() + " " + Problems.quote(entry.key()), entry, mapping)
                    : entry.value();
            applied.put(entry.key(), new Node.Entry(entry.key(), entry.place(), value));
        }
        return new Node.Mapping(applied, units.place());
    }

    private Node unit(String what, Node.Entry unit, Node.Mapping written) {
        Node.Broken broken = new Node.Broken(unit.place());
        Node.Entry use = written.entries().get(USE);
        if (use == null || !(use.value() instanceof Node.Text name) || name.isMissing()) {
            problems.add(
                    use == null ? unit.place() : use.value().place(),
                    "`template` of " + what + " must be a template's name");
            return broken;
        }
        Template template = templates.get(name.value());
        if (template == null) {
            problems.add(
                    name.place(),
                    "`template` of " + what + ": there is no template " + Problems.quote(name.value())
                            + (templates.isEmpty()
                                    ? "; describe it under `templates`"
                                    : problems.didYouMean(name.value(), templates.keySet())));
            return broken;
        }
        if (template.body == null || isIncomplete(what, unit, written, name.value(), template)) {
            return broken;
        }
        Place.Repetition repetition =
                new Place.Repetition(name.value(), unit.place().position());
        Node copy = copies.copy(
                template.body,
                what,
                parameter -> {
                    Node.Entry given = written.entries().get(parameter);
                    return given == null ? null : given.value();
                },
                repetition);
        if (!(copy instanceof Node.Mapping body)) {
            return broken;
        }
        Map<String, Node.Entry> own = new LinkedHashMap<>(written.entries());
        own.remove(USE);
        own.keySet().removeAll(template.parameters);
        return Includes.merged(body, new Node.Mapping(own, written.place()));
    }

    private boolean isIncomplete(String what, Node.Entry unit, Node.Mapping written, String name, Template template) {
        List<String> missing = new ArrayList<>();
        for (String parameter : template.parameters) {
            Node.Entry given = written.entries().get(parameter);
            if (given == null) {
                missing.add(parameter);
            } else if (given.value() instanceof Node.Text text && text.isMissing()) {
                problems.add(text.place(), Problems.quote(parameter) + " of " + what + " has no value");
                return true;
            }
        }
        if (missing.isEmpty()) {
            return false;
        }
        List<String> others = written.entries().keySet().stream()
                .filter(key -> !key.equals(USE) && !template.parameters.contains(key))
                .toList();
        String meant = Similar.closest(missing.getFirst(), others);
        problems.add(
                unit.place(),
                what + " lacks " + Problems.allOf(missing) + ", which its template " + Problems.quote(name) + " ("
                        + template.place.seenFrom(unit.place()) + ") has behind a `$`"
                        + (meant == null ? "" : "; is " + Problems.quote(meant) + " meant for it?"));
        return true;
    }
}
