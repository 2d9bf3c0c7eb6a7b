// From the header of a command to its protocol.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.platform.register.RegisterAccessException;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Status;

/** Finds the protocol of a command and lets it run. */
final class Dispatcher {
    private final Agents agents;
    private final BaseProtocol base;
    private final List<Protocol> protocols;
    private final @Nullable Protocol[] byId = new Protocol[ProtocolId.MAX_ID + 1];
    private final int[] places = new int[ProtocolId.MAX_ID + 1];

    /**
     * @param agents all agents
     * @param base the Base protocol
     * @param others all others that are implemented, by ascending id
     */
    Dispatcher(Agents agents, BaseProtocol base, List<Protocol> others) {
        this.agents = agents;
        this.base = base;
        List<Protocol> all = new ArrayList<>(others);
        all.addFirst(base);
        this.protocols = List.copyOf(all);
        for (Protocol protocol : protocols) {
            byId[protocol.id().id()] = protocol;
            places[protocol.id().id()] = this.protocols.indexOf(protocol);
        }
    }

    /** Tells an agent that wants to know of a command that failed in silence. */
    void reportError(Agent agent, int header, int status) {
        base.reportError(agent, header, status);
    }

    Agents agents() {
        return agents;
    }

    /** The protocol with an id that is implemented. */
    Protocol protocol(int protocolId) {
        return Objects.requireNonNull(byId[protocolId]);
    }

    List<Protocol> protocols() {
        return protocols;
    }

    List<MessageTable<?>> tables() {
        List<MessageTable<?>> tables = new ArrayList<>();
        protocols.forEach(protocol -> tables.add(protocol.table()));
        return tables;
    }

    /** The protocol's place in {@link #tables}, -1 for one that the agent does not have. */
    int placeOf(Agent agent, int protocolId) {
        return find(agent, protocolId) == null ? -1 : places[protocolId];
    }

    /**
     * Runs a command.
     *
     * @return the status, the rest of the reply is in the call; or {@link Call#DEFERRED}
     */
    int execute(Call call) {
        Protocol protocol = find(call.agent(), Header.protocolId(call.header()));
        if (protocol == null) {
            return Status.Code.NOT_SUPPORTED;
        }
        try {
            int status = call.returned(protocol.execute(call));
            // A register file that was cut off is noticed late by compiled code: here, not in another agent's work.
            Mapping.raiseFault();
            return status == Call.DEFERRED ? status : call.fitted(status);
        } catch (RuntimeException | InternalError failure) {
            // Whatever broke, the agent gets an answer and its buffer back. An InternalError is a mapping whose file
            // was cut off, so it is hardware for us.
            call.agent().reportFailure("command 0x" + Integer.toHexString(call.header()) + " failed", failure);
            call.abandon();
            return failure instanceof InternalError || failure instanceof RegisterAccessException
                    ? Status.Code.HARDWARE_ERROR
                    : Status.Code.GENERIC_ERROR;
        }
    }

    private @Nullable Protocol find(Agent agent, int protocolId) {
        Protocol protocol = byId[protocolId];
        return protocol != null && protocol.isOfferedTo(agent) ? protocol : null;
    }

    /** Lets every protocol give up what the agent holds. */
    void release(Agent agent) {
        for (int i = 0; i < protocols.size(); i++) {
            Protocol protocol = protocols.get(i);
            agent.state().clearPending(protocol.id());
            protocol.release(agent);
        }
        // Last, since what was given up first may have changed what the agent was still subscribed to.
        agent.notifications().clear();
    }
}
