// What an agent's request for one clock may do to others.
package org.scmid.server.core.clock;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.platform.driver.ClockAuthority;
import org.scmid.platform.driver.Waiter;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.protocol.Arbitration;

/**
 * What an agent's request for one clock may do to others, by their arbitration and by what the agent was denied:
 *
 * <table>
 *   <tr><th>a clock that the request is not about</th><th>as a parent, or by a performance level</th><th>below what is
 *       changed, while it runs</th></tr>
 *   <tr><td>with the default policy</td><td>moves, listed or not</td><td>moves, within its limits</td></tr>
 *   <tr><td>{@code none}, or taken away by a trusted agent</td><td>stays</td><td>moves, within its limits</td></tr>
 *   <tr><td>owned by the agent</td><td>moves</td><td>moves, within its limits</td></tr>
 *   <tr><td>owned by another agent</td><td>stays</td><td>keeps its rate, unless the agent owns what is changed</td></tr>
 *   <tr><td>{@code highest}</td><td>stays; a level moves it if no other agent wishes a rate of it</td><td>keeps its rate, unless the agent owns what is changed</td></tr>
 * </table>
 *
 * <p>What nobody asked for, such as the rate after an agent has gone, is treated as an agent's that owns nothing.
 */
final class ClockPolicies implements ClockAuthority {
    private final ArbitrationPolicy[] policies; // by the clock's position
    private final Arbitration arbitration;

    ClockPolicies(ArbitrationSpec spec, List<String> names, Arbitration arbitration) {
        this.arbitration = arbitration;
        policies = names.stream()
                .map(name -> spec.policy(ResourceKind.CLOCK, name))
                .toArray(ArbitrationPolicy[]::new);
    }

    @Override
    public boolean mayMove(int clock, Waiter cause) {
        return !isBarred(clock, cause)
                && switch (policies[clock]) {
                    case ArbitrationPolicy.Owner owner -> isOwner(Agents.of(cause), owner);
                    case ArbitrationPolicy.Highest highest -> false;
                    case ArbitrationPolicy.LastWriter last -> true;
                };
    }

    @Override
    public boolean mayFollowLevels(int clock, Waiter cause) {
        return policies[clock] instanceof ArbitrationPolicy.Highest
                ? !isBarred(clock, cause) && arbitration.wisherOfMost(clock, Agents.of(cause)) == null
                : mayMove(clock, cause);
    }

    private static boolean isBarred(int clock, Waiter cause) {
        Agent agent = Agents.of(cause);
        return agent != null && agent.view(ResourceKind.CLOCK).isBarred(clock);
    }

    @Override
    public boolean keepsRate(int clock, Waiter cause) {
        return switch (policies[clock]) {
            case ArbitrationPolicy.Owner owner -> !isOwner(Agents.of(cause), owner);
            case ArbitrationPolicy.Highest highest -> true;
            case ArbitrationPolicy.LastWriter last -> false;
        };
    }

    @Override
    public boolean isOwn(int clock, Waiter cause) {
        return policies[clock] instanceof ArbitrationPolicy.Owner owner && isOwner(Agents.of(cause), owner);
    }

    private static boolean isOwner(@Nullable Agent agent, ArbitrationPolicy.Owner owner) {
        return agent != null && agent.name().equals(owner.agent());
    }
}
