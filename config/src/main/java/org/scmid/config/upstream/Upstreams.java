// The platforms that a board takes resources from, and what it takes.
package org.scmid.config.upstream;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.scmid.config.resource.ResourceKind;

/**
 * The platforms that a board takes resources from, and what it takes.
 *
 * @param specs the platforms by name, in the file's order
 * @param origins by kind, whose those resources are that are other platforms', by their names on the board
 * @param unknown those platforms that something is taken from, and of which it is not known what they offer: the board has
 *     no more of them than the names that its file gives
 * @param openEnded by kind, those unknown platforms all of whose resources of that kind are taken
 */
public record Upstreams(
        Map<String, UpstreamSpec> specs,
        Map<ResourceKind, Map<String, Origin>> origins,
        Set<String> unknown,
        Map<ResourceKind, Set<String>> openEnded) {
    /** A board whose resources are all its own. */
    public static final Upstreams NONE = new Upstreams(Map.of(), Map.of(), Set.of(), Map.of());

    /** Copies, keeping orders. */
    public Upstreams {
        specs = Collections.unmodifiableMap(new LinkedHashMap<>(specs));
        Map<ResourceKind, Map<String, Origin>> byKind = new EnumMap<>(ResourceKind.class);
        origins.forEach((kind, its) -> {
            if (!its.isEmpty()) {
                byKind.put(kind, Collections.unmodifiableMap(new LinkedHashMap<>(its)));
            }
        });
        origins = Collections.unmodifiableMap(byKind);
        unknown = Set.copyOf(unknown);
        Map<ResourceKind, Set<String>> open = new EnumMap<>(ResourceKind.class);
        openEnded.forEach((kind, its) -> open.put(kind, Set.copyOf(its)));
        openEnded = Collections.unmodifiableMap(open);
    }

    /** The same without those kinds of which only the platforms know how they behave: nothing can stand in for them. */
    public Upstreams simulated() {
        Map<ResourceKind, Map<String, Origin>> trees = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : new ResourceKind[] {ResourceKind.CLOCK, ResourceKind.SENSOR}) {
            trees.put(kind, origins(kind));
        }
        return new Upstreams(specs, trees, unknown, openEnded);
    }

    /** Whose the resources of a kind are that are other platforms', by their names on the board, in the file's order. */
    public Map<String, Origin> origins(ResourceKind kind) {
        return origins.getOrDefault(kind, Map.of());
    }

    /** The platforms that may have more of a kind than the board knows yet. */
    public Set<String> openEnded(ResourceKind kind) {
        return openEnded.getOrDefault(kind, Set.of());
    }
}
