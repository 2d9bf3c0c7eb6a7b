// How wishes of several agents become one, for every shared resource.
package org.scmid.config.service;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.scmid.config.resource.ResourceKind;

/**
 * How wishes of several agents become one: the rates, voltages and levels that there is only one of.
 *
 * @param policies by kind and name; what is not in it has {@link ArbitrationPolicy#DEFAULT}
 */
public record ArbitrationSpec(Map<ResourceKind, Map<String, ArbitrationPolicy>> policies) {
    /** The default for everything. */
    public static final ArbitrationSpec NONE = new ArbitrationSpec(Map.of());

    /** Copies. */
    public ArbitrationSpec {
        Map<ResourceKind, Map<String, ArbitrationPolicy>> copy = new EnumMap<>(ResourceKind.class);
        policies.forEach((kind, byName) -> copy.put(kind, Map.copyOf(byName)));
        policies = Collections.unmodifiableMap(copy);
    }

    /** The policy of a resource. */
    public ArbitrationPolicy policy(ResourceKind kind, String resource) {
        return policies.getOrDefault(kind, Map.of()).getOrDefault(resource, ArbitrationPolicy.DEFAULT);
    }
}
