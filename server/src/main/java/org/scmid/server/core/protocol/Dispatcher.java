// From the header of a command to its protocol.
package org.scmid.server.core.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.loop.Work;
import org.scmid.platform.register.RegisterAccessException;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Status;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.Call;
import org.scmid.server.core.agent.Commands;
import org.scmid.server.core.agent.Events;
import org.scmid.server.core.agent.ReleaseProgress;
import org.scmid.server.core.state.Section;

/** Finds the protocol of a command and lets it run. */
public final class Dispatcher implements Commands {
    /** Units of work that giving something up costs at least. */
    private static final int ONE_RELEASE = 10;

    private final ErrorReports errors;
    private final List<Protocol> protocols;
    private final @Nullable Protocol[] byId = new Protocol[ProtocolId.MAX_ID + 1];
    private final int[] places = new int[ProtocolId.MAX_ID + 1];

    /** Tells agents of commands that failed in silence. */
    @FunctionalInterface
    public interface ErrorReports {
        void reportError(Agent agent, int header, int status);
    }

    /**
     * @param protocols all that are implemented, by ascending id
     * @param errors tells agents of commands that failed in silence
     */
    public Dispatcher(List<? extends Protocol> protocols, ErrorReports errors) {
        this.errors = errors;
        this.protocols = List.copyOf(protocols);
        for (Protocol protocol : this.protocols) {
            byId[protocol.id().id()] = protocol;
            places[protocol.id().id()] = this.protocols.indexOf(protocol);
        }
    }

    @Override
    public void reportError(Agent agent, int header, int status) {
        errors.reportError(agent, header, status);
    }

    @Override
    public Events events(int protocolId) {
        return Objects.requireNonNull(byId[protocolId]);
    }

    /** All that are implemented, by ascending id. */
    public List<Protocol> protocols() {
        return protocols;
    }

    @Override
    public List<MessageTable<?>> tables() {
        List<MessageTable<?>> tables = new ArrayList<>();
        protocols.forEach(protocol -> tables.add(protocol.table()));
        return tables;
    }

    @Override
    public int placeOf(Agent agent, int protocolId) {
        return find(agent, protocolId) == null ? -1 : places[protocolId];
    }

    @Override
    public int execute(Call call) {
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

    @Override
    public boolean release(Agent agent, ReleaseProgress progress, Work work, long end) {
        while (progress.protocol() < protocols.size()) {
            Protocol protocol = protocols.get(progress.protocol());
            if (progress.resource() == 0) {
                agent.state().clearPending(protocol.id());
                protocol.release(agent);
            }
            while (progress.resource() < protocol.resourcesOf(agent)) {
                if (work.done() >= end) {
                    return false;
                }
                work.add(1);
                releaseNext(agent, protocol, progress, work);
            }
            progress.nextProtocol();
        }
        // Last, since what was given up first may have changed what the agent was still subscribed to.
        agent.notifications().clear();
        return true;
    }

    /** What cannot be given up, since its registers cannot be reached, keeps nothing else from that. */
    private static void releaseNext(Agent agent, Protocol protocol, ReleaseProgress progress, Work work) {
        int resource = progress.resource();
        progress.nextResource();
        try {
            if (protocol.releaseHeld(agent, resource)) {
                work.add(ONE_RELEASE);
            }
        } catch (RuntimeException | InternalError failure) {
            agent.reportFailure("something that it held could not be given up", failure);
        }
    }

    @Override
    public void sessionBegan(Agent agent) {
        for (int i = 0; i < protocols.size(); i++) {
            Protocol protocol = protocols.get(i);
            agent.state().clearPending(protocol.id());
            protocol.unsubscribe(agent);
        }
    }

    @Override
    public void renumbered(Agent agent) {
        follow(agent);
        for (Protocol protocol : protocols) {
            protocol.renumbered(agent);
        }
    }

    /** Has every protocol know who holds what by what an agent's state says: when it has come, or has other ids. */
    public void follow(Agent agent) {
        protocols.forEach(protocol -> protocol.follow(agent));
    }

    /** An agent has left for good. */
    public void forget(Agent agent) {
        protocols.forEach(protocol -> protocol.holders().forget(agent.place()));
    }

    /** What the protocols remember of an agent. */
    public List<Section> sections() {
        return protocols.stream()
                .map(Protocol::section)
                .flatMap(Stream::ofNullable)
                .toList();
    }
}
