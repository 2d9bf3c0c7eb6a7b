// Puts a board file together with the files that it includes.
package org.scmid.config.assembly;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.BuiltIn;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.FileKind;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Source;
import org.scmid.config.document.YamlReader;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;

/**
 * Puts a board file together with the files that it includes, which may include others. What is included is as if it
 * stood in front: mappings are merged key by key, and anything else that is written again replaces what was there; a key
 * that is written as {@code null} takes away what was there. A file counts once, where it is included first.
 */
public final class Includes {
    /** How deep files may include each other, the first one not counted. */
    static final int MOST_LEVELS = 8;

    /** How many files a board may have. */
    static final int MOST_FILES = 64;

    /** The key of a board file, of which nothing is left when its shape reads it. */
    public static final Key<List<Located<String>>> KEY = Key.optional(
            "include",
            new NameOrList(),
            "Board files, or names of built-in boards, that are read before: this file adds to them and changes them.");

    /** A name or path, or a list of them. */
    private static final class NameOrList implements Value<List<Located<String>>> {
        private final Value<List<Located<String>>> list = Values.list(Values.TEXT);

        @Override
        public @Nullable List<Located<String>> read(Node node, Context context) {
            return node instanceof Node.Text text && !text.isMissing()
                    ? List.of(new Located<>(text.value(), text.place()))
                    : list.read(node, context);
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            SortedMap<String, Object> schema = new TreeMap<>();
            schema.put("anyOf", List.of(Map.of("type", "string", "minLength", 1), list.schema(definitions)));
            schema.put("examples", List.of("soc.yaml"));
            return schema;
        }
    }

    private final Problems problems;
    private final Copies copies;
    private final Map<String, Path> folders = new HashMap<>();
    private final Set<Object> seen = new HashSet<>();
    private final List<Object> open = new ArrayList<>();
    private long bytesLeft = YamlReader.MAX_BYTES;
    private boolean complete = true;

    private Includes(Problems problems, Copies copies) {
        this.problems = problems;
        this.copies = copies;
    }

    /**
     * A board file with all that it includes.
     *
     * @param root the tree, without the key {@code include}
     * @param folders the folder of each file, as places name it: what relative paths in it start from
     */
    public record Whole(Node.Mapping root, Map<String, Path> folders) {}

    /**
     * Reads all that a board file includes, and unfolds the ranges of names in each file.
     *
     * @param root the file's tree
     * @param problems takes what is wrong but lets reading go on
     * @throws ConfigException if an included file cannot be used: what would be said of the rest would mislead; it has
     *     the problems of all files
     */
    public static Whole read(Source source, Node.Mapping root, Problems problems, Copies copies)
            throws ConfigException {
        Includes includes = new Includes(problems, copies);
        Node.Mapping whole = copies.add(root) ? includes.withIncluded(source, identity(source), root) : root;
        if (copies.areTooMany() || !includes.complete) {
            throw problems.exception();
        }
        return new Whole(whole, includes.folders);
    }

    private Node.Mapping withIncluded(Source source, Object identity, Node.Mapping root) {
        folders.put(source.name(), source.folder());
        seen.add(identity);
        open.add(identity);
        Node.Mapping whole = new Node.Mapping(Map.of(), root.place());
        for (Located<String> included : written(root)) {
            Node.Mapping part = included(source, included.value(), included.place());
            if (part != null) {
                whole = merged(whole, part);
            }
        }
        open.removeLast();
        Map<String, Node.Entry> own = new LinkedHashMap<>(root.entries());
        own.remove(KEY.name());
        return merged(whole, Ranges.unfolded(new Node.Mapping(own, root.place()), problems, copies));
    }

    private List<Located<String>> written(Node.Mapping root) {
        Node.Entry entry = root.entries().get(KEY.name());
        if (entry == null) {
            return List.of();
        }
        Value.Context context =
                Value.Context.of("the board file", root.place(), problems).part(KEY.name(), entry.place());
        if (entry.value() instanceof Node.Text text && text.isMissing()) {
            context.problem(text.place(), "has no value");
            return List.of();
        }
        List<Located<String>> written = KEY.value().read(entry.value(), context);
        return written == null ? List.of() : written;
    }

    /** The tree of an included file; null if it is not to be used, or counts already. */
    private Node.@Nullable Mapping included(Source by, String reference, Place place) {
        Source source = find(by, reference, place);
        if (source == null) {
            complete = false;
            return null;
        }
        Object identity = identity(source);
        if (open.contains(identity)) {
            refuse(place, reference, "includes itself" + (open.getLast().equals(identity) ? "" : " in turn"));
            return null;
        }
        if (seen.contains(identity)) {
            return null;
        }
        if (open.size() > MOST_LEVELS) {
            refuse(place, reference, "would be included over more than " + MOST_LEVELS + " levels");
            return null;
        }
        if (seen.size() >= MOST_FILES) {
            refuse(place, reference, "is one too many: a board has at most " + MOST_FILES + " files");
            return null;
        }
        seen.add(identity);
        byte[] bytes = bytes(source, reference, place);
        if (bytes == null) {
            return null;
        }
        try {
            Node.Mapping root = YamlReader.read(source.name(), bytes, problems);
            if (!copies.add(root)) {
                complete = false;
                return null;
            }
            if (FileKind.of(root) == FileKind.SERVICE) {
                refuse(place, reference, "is a service file; only parts of a board can be included");
                return null;
            }
            return withIncluded(source, identity, root);
        } catch (ConfigException e) {
            // It has what the problems have already.
            complete = false;
            return null;
        }
    }

    private @Nullable Source find(Source by, String reference, Place place) {
        if (BuiltIn.BOARDS.contains(reference)) {
            return new Source.BuiltInResource(BuiltIn.boardResource(reference));
        }
        if (!(by instanceof Source.OnDisk file)) {
            refuse(place, reference, "is not built in" + problems.didYouMean(reference, BuiltIn.BOARDS));
            return null;
        }
        try {
            if (!reference.isEmpty()) {
                Path path = file.path().resolveSibling(reference);
                if (Files.exists(path)) {
                    return new Source.OnDisk(path);
                }
                refuse(
                        place,
                        reference,
                        "does not exist: no file " + Problems.quote(path.toString())
                                + ", and no built-in board of this name"
                                + problems.didYouMean(reference, BuiltIn.BOARDS));
                return null;
            }
        } catch (InvalidPathException invalid) {
            // Said below.
        }
        refuse(place, reference, "is not a path that this system can have");
        return null;
    }

    private byte @Nullable [] bytes(Source source, String reference, Place place) {
        byte[] bytes;
        switch (source) {
            case Source.BuiltInResource it -> bytes = it.bytes();
            case Source.OnDisk it -> {
                try {
                    bytes = it.bytes();
                } catch (ConfigException e) {
                    refuse(
                            place,
                            reference,
                            "cannot be included: " + e.problems().getFirst().message());
                    return null;
                }
            }
        }
        bytesLeft -= bytes.length;
        if (bytesLeft < 0) {
            refuse(
                    place,
                    reference,
                    "is too much: what a board includes is at most " + (YamlReader.MAX_BYTES >> 20) + " MiB");
            return null;
        }
        return bytes;
    }

    private void refuse(Place place, String reference, String reason) {
        complete = false;
        problems.add(place, "`include`: " + Problems.quote(reference) + " " + reason);
    }

    /** What is equal for the same file, however it is named. */
    private static Object identity(Source source) {
        if (source instanceof Source.OnDisk file) {
            try {
                return file.path().toRealPath();
            } catch (java.io.IOException e) {
                return file.path().toAbsolutePath().normalize();
            }
        }
        return source;
    }

    /** One mapping over another: see the class. */
    static Node.Mapping merged(Node.Mapping below, Node.Mapping above) {
        if (below.entries().isEmpty()) {
            return above;
        }
        Map<String, Node.Entry> entries = new LinkedHashMap<>(below.entries());
        for (Node.Entry entry : above.entries().values()) {
            Node.Entry covered = entries.get(entry.key());
            if (covered == null) {
                entries.put(entry.key(), entry);
            } else if (entry.value() instanceof Node.Text text && text.isNull()) {
                entries.remove(entry.key());
            } else if (entry.value() instanceof Node.Mapping over && covered.value() instanceof Node.Mapping under) {
                entries.put(entry.key(), new Node.Entry(entry.key(), entry.place(), merged(under, over)));
            } else {
                entries.put(entry.key(), entry);
            }
        }
        return new Node.Mapping(entries, above.place());
    }
}
