// A device: what of the board belongs together, for those who may take it away from an agent.
package org.scmid.config.service;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.scmid.config.document.Place;
import org.scmid.config.resource.ResourceKind;

/**
 * A device: clocks, power domains and so on that belong together. Trusted agents take devices away from others and give
 * them back; ids count from 0 in the order of the service file.
 *
 * @param name its name
 * @param resources names of its resources on the board, by kind
 * @param place where it is described
 */
public record DeviceSpec(String name, Map<ResourceKind, List<String>> resources, Place place) {

    /** Copies the lists. */
    public DeviceSpec {
        Map<ResourceKind, List<String>> copies = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            copies.put(kind, List.copyOf(resources.getOrDefault(kind, List.of())));
        }
        resources = Collections.unmodifiableMap(copies);
    }

    /** Names of its resources of a kind. */
    public List<String> resources(ResourceKind kind) {
        return resources.getOrDefault(kind, List.of());
    }
}
