// One agent of a service file.
package org.scmid.config;

import java.util.List;

/**
 * One agent: a guest or a tool that is served.
 *
 * @param name its name as the guest sees it, 1 to 15 printable ASCII characters
 * @param transport how it is reached
 * @param clocks the clocks that it sees, its clock ids count from 0 in this order; {@code all} and a missing list are
 *     already resolved
 * @param place where the agent is described
 */
public record AgentSpec(String name, TransportSpec transport, List<Grant> clocks, Place place) {

    /** Copies the list. */
    public AgentSpec {
        clocks = List.copyOf(clocks);
    }
}
