// A service file, checked: which board is served to which agents.
package org.scmid.config.service;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.scmid.config.document.Place;

/**
 * A checked service file.
 *
 * @param board the board that is served
 * @param agents the agents by name, in the file's order; agent ids count from 1 in this order. 1 to 255
 * @param devices the devices by name, in the file's order; device ids count from 0 in this order
 * @param arbitration how wishes of several agents for one resource become one
 * @param management where the management API listens
 * @param place where the service begins
 */
public record Service(
        BoardRef board,
        Map<String, AgentSpec> agents,
        Map<String, DeviceSpec> devices,
        ArbitrationSpec arbitration,
        ManagementSpec management,
        Place place) {

    /** Copies, keeping the order of agents and devices. */
    public Service {
        agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
        devices = Collections.unmodifiableMap(new LinkedHashMap<>(devices));
    }

    /**
     * The platforms that have to be known before an agent can be served: those whose resources it is given, those that these
     * depend on, and those that may have what it is given and the board does not know yet.
     */
    public Set<String> upstreamsOf(AgentSpec agent) {
        return AgentUpstreams.of(board.board(), agent);
    }

    /** The same service on a board whose every register window is simulated ({@code --simulate}). */
    public Service simulated() {
        BoardRef simulated = new BoardRef(board.reference(), board.board().simulated(), board.choice(), board.place());
        return new Service(simulated, agents, devices, arbitration, management, place);
    }
}
