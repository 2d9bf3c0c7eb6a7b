// The platforms that a board takes resources from, and what it takes.
package org.scmid.config.upstream;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.Offered;
import org.scmid.config.offer.PerformanceDomainOffer;
import org.scmid.config.offer.PowerDomainOffer;
import org.scmid.config.offer.ResetOffer;
import org.scmid.config.offer.SensorOffer;
import org.scmid.config.offer.VoltageDomainOffer;
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

    /** What is taken of a platform, as it was offered; nothing of what is not known. */
    public Offer taken(String upstream) {
        return new Offer(
                "",
                "",
                0,
                taken(upstream, ResourceKind.CLOCK, ClockOffer.class),
                taken(upstream, ResourceKind.POWER_DOMAIN, PowerDomainOffer.class),
                taken(upstream, ResourceKind.SENSOR, SensorOffer.class),
                taken(upstream, ResourceKind.RESET, ResetOffer.class),
                taken(upstream, ResourceKind.VOLTAGE_DOMAIN, VoltageDomainOffer.class),
                taken(upstream, ResourceKind.PERFORMANCE_DOMAIN, PerformanceDomainOffer.class));
    }

    private <T extends Offered> List<T> taken(String upstream, ResourceKind kind, Class<T> type) {
        return origins(kind).values().stream()
                .filter(origin -> origin.from().upstream().equals(upstream))
                .map(Origin::offer)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
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
