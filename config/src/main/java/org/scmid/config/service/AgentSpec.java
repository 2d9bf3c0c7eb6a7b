// One agent of a service file.
package org.scmid.config.service;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.resource.ResourceKind;

/**
 * One agent: a guest or a tool that is served.
 *
 * @param name its name as the guest sees it, 1 to 15 printable ASCII characters
 * @param transport how it is reached
 * @param grants what it sees of each kind; its ids of that kind count from 0 in this order. Every kind has a list, {@code
 *     all} and missing lists are already resolved
 * @param openEnded the kinds of which it is given more than {@code grants} has, once the board knows what platforms offer
 * @param trusted whether it may take devices and protocols away from other agents, and reset them
 * @param systemPower what its requests for system power states do; null if it is not offered that protocol
 * @param place where the agent is described
 */
public record AgentSpec(
        String name,
        TransportSpec transport,
        Map<ResourceKind, List<Grant>> grants,
        Set<ResourceKind> openEnded,
        boolean trusted,
        @Nullable SystemPowerSpec systemPower,
        Place place) {

    /** Copies the lists. */
    public AgentSpec {
        Map<ResourceKind, List<Grant>> copies = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            copies.put(kind, List.copyOf(grants.getOrDefault(kind, List.of())));
        }
        grants = Collections.unmodifiableMap(copies);
        openEnded = Set.copyOf(openEnded);
    }

    /** What it sees of a kind, by its id. */
    public List<Grant> grants(ResourceKind kind) {
        return grants.getOrDefault(kind, List.of());
    }
}
