// Templates: what repeated units have in common, written once.
package org.scmid.config.assembly;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Malformed;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Similar;
import org.scmid.config.resource.Unit;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;

/**
 * Puts templates into the units that use them. Every name that a template has behind a {@code $} is a parameter, and a key
 * that the unit must have unless the template has a default for it; the unit's other keys are merged over those of the
 * template, as the keys of a file are over those of a file that it includes. A template may use another as a unit does.
 * What it does not give of the other's parameters is a parameter of its own.
 */
public final class Templates {
    /** The key of a unit that names its template. */
    static final String USE = "template";

    /** The key of a template with the values that its parameters have if a unit gives none. */
    static final String DEFAULTS = "defaults";

    /** How many templates there may be one below the other. */
    private static final int MOST_DEEP = 8;

    /** The key of a board file. For the schema only: templates are gone before a board file is read by its shape. */
    public static final Key<Fields> KEY =
            Key.optional("templates", new Gone(), "What repeated units have in common, by names that `template` uses.");

    private static final class Gone implements Value<Fields> {
        @Override
        public @Nullable Fields read(Node node, Context context) {
            return null;
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            return Map.of("type", "object");
        }
    }

    /** A template. */
    private static final class Template {
        final String name;
        final Place place;
        final Map<String, Node.Entry> defaults = new LinkedHashMap<>();

        /** Its own, and those of the template that it uses and to which it gives no value. */
        final Set<String> parameters = new LinkedHashSet<>();

        /** Null if something is wrong with it, which was said. */
        Node.@Nullable Mapping body;

        /** The name of the template that it uses. */
        Node.@Nullable Text use;

        @Nullable
        Template below;

        int depth = 1;
        boolean linked;

        Template(String name, Place place) {
            this.name = name;
            this.place = place;
        }

        String what() {
            return "template " + Problems.quote(name);
        }
    }

    private final Problems problems;
    private final Copies copies;
    private final Map<String, Template> templates = new LinkedHashMap<>();

    private Templates(Problems problems, Copies copies) {
        this.problems = problems;
        this.copies = copies;
    }

    /** A board's tree without templates: each is put in where it is used. */
    public static Node.Mapping applied(Node.Mapping root, Problems problems, Copies copies) {
        Templates templates = new Templates(problems, copies);
        Map<String, Node.Entry> entries = new LinkedHashMap<>(root.entries());
        Node.Entry written = entries.remove(KEY.name());
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
            templates.put(entry.key(), template(entry));
        }
        templates.values().forEach(template -> link(template, new ArrayList<>()));
        templates.values().forEach(this::checkDefaults);
    }

    private Template template(Node.Entry written) {
        Template template = new Template(written.key(), written.place());
        if (!(written.value() instanceof Node.Mapping mapping)) {
            problems.add(
                    written.value().place(),
                    template.what() + " must be a mapping, not " + Shape.shown(written.value()));
            return template;
        }
        Map<String, Node.Entry> own = new LinkedHashMap<>(mapping.entries());
        Node.Entry use = own.remove(USE);
        Node.Entry defaults = own.remove(DEFAULTS);
        boolean sound = true;
        if (use != null) {
            template.use = name(use, template.what());
            sound = template.use != null;
        }
        if (defaults != null) {
            sound &= readDefaults(template, defaults);
        }
        Node.Mapping body = new Node.Mapping(own, mapping.place());
        if (collect(body, template.what(), template.parameters) && sound) {
            template.body = body;
        }
        return template;
    }

    private boolean readDefaults(Template template, Node.Entry written) {
        String what = "`defaults` of " + template.what();
        if (!(written.value() instanceof Node.Mapping values)) {
            problems.add(
                    written.value().place(),
                    what + " must be a mapping of parameters to values, not " + Shape.shown(written.value()));
            return false;
        }
        boolean sound = true;
        for (Node.Entry entry : values.entries().values()) {
            Set<String> names = new LinkedHashSet<>();
            sound &= collect(entry.value(), what, names);
            if (entry.value() instanceof Node.Text text && isNothing(text)) {
                problems.add(text.place(), Problems.quote(entry.key()) + " of " + what + " has no value");
                sound = false;
            } else if (!names.isEmpty()) {
                problems.add(
                        entry.value().place(),
                        Problems.quote(entry.key()) + " of " + what + " has "
                                + Problems.quote("$" + names.iterator().next())
                                + "; a default stands for itself, a dollar sign in it is written `$$`");
                sound = false;
            }
            template.defaults.put(entry.key(), entry);
        }
        return sound;
    }

    /** Finds what a template uses, and takes over the parameters that it leaves to its units. */
    private void link(Template template, List<Template> path) {
        Node.Text use = template.use;
        if (template.linked || template.body == null || use == null) {
            template.linked = true;
            return;
        }
        Template below = templates.get(use.value());
        path.add(template);
        if (below == null) {
            unknown(use, template.what());
            template.body = null;
        } else if (path.contains(below)) {
            problems.add(use.place(), template.what() + " is made of itself: " + chain(path, below));
            template.body = null;
        } else {
            if (path.size() < MOST_DEEP) {
                link(below, path);
            }
            template.depth = below.depth + 1;
            if (template.depth > MOST_DEEP || path.size() == MOST_DEEP) {
                problems.add(
                        use.place(),
                        template.what() + " is more than " + MOST_DEEP + " templates deep; write some of them out");
                template.body = null;
            } else {
                inherit(template, below);
            }
        }
        path.removeLast();
        template.linked = true;
    }

    private static String chain(List<Template> path, Template end) {
        List<String> names = new ArrayList<>();
        path.subList(path.indexOf(end), path.size()).forEach(template -> names.add(template.name));
        names.add(end.name);
        return String.join(" uses ", names);
    }

    private static void inherit(Template template, Template below) {
        if (template.body == null || below.body == null) {
            template.body = null;
            return;
        }
        template.below = below;
        for (String parameter : below.parameters) {
            if (!template.body.entries().containsKey(parameter)) {
                template.parameters.add(parameter);
                Node.Entry value = below.defaults.get(parameter);
                if (value != null) {
                    template.defaults.putIfAbsent(parameter, value);
                }
            }
        }
    }

    private void checkDefaults(Template template) {
        if (template.body == null) {
            return;
        }
        for (Node.Entry entry : template.defaults.values()) {
            if (!template.parameters.contains(entry.key())) {
                problems.add(
                        entry.place(),
                        "`defaults` of " + template.what() + " has " + Problems.quote(entry.key())
                                + ", which is no parameter of it"
                                + (template.parameters.isEmpty()
                                        ? "; it has none, a parameter stands behind a `$`"
                                        : problems.didYouMean(entry.key(), template.parameters)));
            }
        }
    }

    /** The template's name behind the key {@code template}; null if it is none, which is said. */
    private Node.@Nullable Text name(Node.Entry use, String what) {
        if (use.value() instanceof Node.Text name && !name.isMissing()) {
            return name;
        }
        problems.add(use.value().place(), "`template` of " + what + " must be a template's name");
        return null;
    }

    private void unknown(Node.Text name, String what) {
        problems.add(
                name.place(),
                "`template` of " + what + ": there is no template " + Problems.quote(name.value())
                        + (templates.isEmpty()
                                ? "; describe it under `templates`"
                                : problems.didYouMean(name.value(), templates.keySet())));
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
        Node.Text name = use == null ? null : name(use, what);
        if (name == null) {
            return broken;
        }
        Template template = templates.get(name.value());
        if (template == null) {
            unknown(name, what);
            return broken;
        }
        if (template.body == null || isIncomplete(what, unit, written, template)) {
            return broken;
        }
        Node.Mapping body = made(template, written.entries(), what, unit.place().position());
        if (body == null) {
            return broken;
        }
        Map<String, Node.Entry> own = new LinkedHashMap<>(written.entries());
        own.remove(USE);
        own.keySet().removeAll(template.parameters);
        return Includes.merged(body, new Node.Mapping(own, written.place()));
    }

    /** What a template makes of the values of its parameters; null if something was wrong, which was said. */
    private Node.@Nullable Mapping made(Template template, Map<String, Node.Entry> given, String what, Place use) {
        Place.Repetition repetition = new Place.Repetition(template.name, use);
        Map<String, Node.Entry> values = new LinkedHashMap<>(given);
        for (Node.Entry entry : template.defaults.values()) {
            if (!values.containsKey(entry.key())) {
                Node value = copies.copy(entry.value(), what, parameter -> null, repetition);
                if (value == null) {
                    return null;
                }
                values.put(entry.key(), new Node.Entry(entry.key(), entry.place(), value));
            }
        }
        Node copy = template.body == null
                ? null
                : copies.copy(
                        template.body,
                        what,
                        parameter -> {
                            Node.Entry value = values.get(parameter);
                            return value == null ? null : value.value();
                        },
                        repetition);
        if (!(copy instanceof Node.Mapping body)) {
            return null;
        }
        return template.below == null ? body : over(template.below, body, values, what, use);
    }

    /** A template that uses another: the other, with what this gives it, and the rest of this over it. */
    private Node.@Nullable Mapping over(
            Template below, Node.Mapping body, Map<String, Node.Entry> values, String what, Place use) {
        Map<String, Node.Entry> given = new LinkedHashMap<>();
        for (String parameter : below.parameters) {
            Node.Entry value = body.entries().get(parameter);
            if (value == null) {
                value = values.get(parameter);
            }
            if (value != null) {
                given.put(parameter, value);
            }
        }
        Node.Mapping base = made(below, given, what, use);
        if (base == null) {
            return null;
        }
        Map<String, Node.Entry> own = new LinkedHashMap<>(body.entries());
        own.keySet().removeAll(below.parameters);
        return Includes.merged(base, new Node.Mapping(own, body.place()));
    }

    /** Whether a key has nothing behind it; the word null leaves out what the parameter stands for. */
    private static boolean isNothing(Node.Text text) {
        return text.isMissing() && !text.isNull();
    }

    private boolean isIncomplete(String what, Node.Entry unit, Node.Mapping written, Template template) {
        List<String> missing = new ArrayList<>();
        for (String parameter : template.parameters) {
            Node.Entry given = written.entries().get(parameter);
            if (given == null) {
                if (!template.defaults.containsKey(parameter)) {
                    missing.add(parameter);
                }
            } else if (given.value() instanceof Node.Text text && isNothing(text)) {
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
                what + " lacks " + Problems.allOf(missing) + ", which its template " + Problems.quote(template.name)
                        + " ("
                        + template.place.seenFrom(unit.place()) + ") has behind a `$`"
                        + (meant == null ? "" : "; is " + Problems.quote(meant) + " meant for it?"));
        return true;
    }
}
