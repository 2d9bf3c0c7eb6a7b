// What a service looked like at one instant.
package org.scmid.server.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.platform.clock.Clock;

/**
 * What a service looked like at one instant, for management. Immutable.
 *
 * @param board the board's name
 * @param clocks every clock of the board, in the board file's order
 * @param powerDomains every power domain of the board, in the board file's order
 * @param resets every reset of the board, in the board file's order
 * @param agents every agent, that with id 1 first
 */
public record ServiceSnapshot(
        String board,
        List<ClockSnapshot> clocks,
        List<PowerDomainSnapshot> powerDomains,
        List<ResetSnapshot> resets,
        List<AgentSnapshot> agents) {

    /** Copies the lists. */
    public ServiceSnapshot {
        clocks = List.copyOf(clocks);
        powerDomains = List.copyOf(powerDomains);
        resets = List.copyOf(resets);
        agents = List.copyOf(agents);
    }

    /**
     * One clock.
     *
     * @param name its name in the board file
     * @param parents names of its possible parents, in the board file's order
     * @param parent the parent it runs from, null for a root or if the hardware selects none
     * @param rateHz its rate in Hz, or the one it would have if enabled
     * @param enabled whether the hardware runs it
     * @param votes names of the agents that have enabled it, by agent id
     */
    public record ClockSnapshot(
            String name,
            List<String> parents,
            @Nullable String parent,
            long rateHz,
            boolean enabled,
            List<String> votes) {

        /** Copies the lists. */
        public ClockSnapshot {
            parents = List.copyOf(parents);
            votes = List.copyOf(votes);
        }

        /** A clock as its registers have it now, with the votes that are given. */
        public static ClockSnapshot of(Clock clock, List<String> votes) {
            Clock parent = clock.parent();
            return new ClockSnapshot(
                    clock.name(),
                    clock.parents().stream().map(Clock::name).toList(),
                    parent == null ? null : parent.name(),
                    clock.rate(),
                    clock.enabled(),
                    votes);
        }
    }

    /**
     * One agent.
     *
     * @param id its id, from 1
     * @param name its name
     * @param attached whether it can send messages now
     * @param events whether it can be sent notifications and delayed responses now
     */
    public record AgentSnapshot(int id, String name, boolean attached, boolean events) {}
}
