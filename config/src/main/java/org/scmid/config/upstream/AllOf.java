// Writes out what a board file takes by saying that it takes all.
package org.scmid.config.upstream;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Node;
import org.scmid.config.document.Problems;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.Offered;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.resource.ResourceNames;
import org.scmid.config.shape.Shape;

/**
 * Writes out what a board file takes by {@code all-of: NAME} under a kind: each resource that the platform offers and that
 * the file does not take by name, under the platform's own name, as if it had been written there.
 */
public final class AllOf {
    private final Origins origins;
    private final Problems problems;

    private AllOf(Origins origins, Problems problems) {
        this.origins = origins;
        this.problems = problems;
    }

    /** A board's tree with everything that it takes written out. */
    public static Node.Mapping writtenOut(Node.Mapping root, Origins origins, Problems problems) {
        AllOf all = new AllOf(origins, problems);
        Map<String, Node.Entry> entries = new LinkedHashMap<>(root.entries());
        for (ResourceKind kind : ResourceKind.values()) {
            Node.Entry units = entries.get(kind.key());
            if (units != null
                    && units.value() instanceof Node.Mapping named
                    && named.entries().containsKey(ResourceNames.ALL_OF)) {
                entries.put(units.key(), new Node.Entry(units.key(), units.place(), all.units(kind, named)));
            }
        }
        return new Node.Mapping(entries, root.place());
    }

    private Node.Mapping units(ResourceKind kind, Node.Mapping written) {
        Map<String, Node.Entry> units = new LinkedHashMap<>(written.entries());
        Node.Entry all = units.remove(ResourceNames.ALL_OF);
        if (all == null) {
            return written;
        }
        Set<String> taken = new HashSet<>();
        for (Node.Entry unit : units.values()) {
            if (unit.value() instanceof Node.Mapping mapping && from(mapping) instanceof Node.Text from) {
                taken.add(from.value());
            }
        }
        List<Node> platforms = all.value() instanceof Node.Sequence sequence ? sequence.items() : List.of(all.value());
        for (Node platform : platforms) {
            if (platform instanceof Node.Text name && !name.isMissing()) {
                take(kind, name, taken, units);
            } else {
                problems.add(
                        platform.place(),
                        "`all-of` of `" + kind.key() + "` must be the name of an upstream or a list of names, not "
                                + Shape.shown(platform));
            }
        }
        return new Node.Mapping(units, written.place());
    }

    private static @Nullable Node from(Node.Mapping unit) {
        Node.Entry from = unit.entries().get(UpstreamShapes.FROM.name());
        return from == null ? null : from.value();
    }

    private void take(ResourceKind kind, Node.Text platform, Set<String> taken, Map<String, Node.Entry> units) {
        String what = "`all-of` of `" + kind.key() + "`";
        Offer offer = origins.allOf(kind, platform.value(), what, platform.place());
        if (offer == null) {
            return;
        }
        for (Offered offered : offer.of(kind)) {
            String from = new From(platform.value(), offered.name()).toString();
            if (!taken.add(from)) {
                continue;
            }
            Node.Entry same = units.get(offered.name());
            if (same != null) {
                problems.add(
                        platform.place(),
                        what + ": upstream " + Problems.quote(platform.value()) + " offers "
                                + Problems.quote(offered.name()) + ", and another " + kind.label()
                                + " is called so, in " + same.place().seenFrom(platform.place())
                                + "; take it under another name, as in `other: { from: " + from + " }`");
                continue;
            }
            Node.Entry key = new Node.Entry(
                    UpstreamShapes.FROM.name(), platform.place(), new Node.Text(from, true, platform.place()));
            Node.Mapping unit = new Node.Mapping(Map.of(key.key(), key), platform.place());
            units.put(offered.name(), new Node.Entry(offered.name(), platform.place(), unit));
        }
    }
}
