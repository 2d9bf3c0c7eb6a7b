// What an agent's requests for system power states do.
package org.scmid.config.service;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's own requests for system power states do. An agent that has none of this is not offered the System
 * power protocol; one with an empty list of actions can only be told of states.
 *
 * @param actions what happens by state; a state that is not in it is not supported
 */
public record SystemPowerSpec(Map<SystemPowerState, SystemPowerAction> actions) {
    /** Copies. */
    public SystemPowerSpec {
        Map<SystemPowerState, SystemPowerAction> copy = new EnumMap<>(SystemPowerState.class);
        copy.putAll(actions);
        actions = Collections.unmodifiableMap(copy);
    }

    /** What happens when the agent asks for this; null if it is not supported. */
    public @Nullable SystemPowerAction action(SystemPowerState state) {
        return actions.get(state);
    }
}
