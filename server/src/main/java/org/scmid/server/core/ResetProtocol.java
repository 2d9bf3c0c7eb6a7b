// The Reset protocol: commands of agents to resets, and who is told of them.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.platform.reset.ResetAction;
import org.scmid.platform.reset.ResetLine;
import org.scmid.platform.reset.ResetLines;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Names;
import org.scmid.protocol.Status;
import org.scmid.protocol.reset.ResetCommand;
import org.scmid.protocol.reset.ResetDomainAttributes;
import org.scmid.protocol.reset.ResetIssued;
import org.scmid.protocol.reset.ResetMessage;
import org.scmid.protocol.reset.ResetProtocolAttributes;
import org.scmid.protocol.reset.ResetVersion;

/**
 * The Reset protocol over the {@linkplain ResetLines resets} of a board.
 *
 * <p>Resets are no votes: commands are carried out in the order in which they come, the last one wins, and what hardware
 * says is the state. An agent that goes leaves a reset that it holds asserted as it is.
 *
 * <p>A synchronous command is answered when hardware is done, an asynchronous one at once, with RESET_COMPLETE later.
 */
final class ResetProtocol extends Protocol {
    /** The agent subscribed to RESET_ISSUED. */
    static final int ISSUED = 1;

    /** A command whose end comes later. */
    private static final class Waiter {
        private @Nullable Call call; // null: asynchronous
        private int ticket; // of the call, or the sequence number of an asynchronous command
        private int resetState;
        private @Nullable Agent agent; // null: not in use
    }

    private final ResetLines lines;
    private final List<Waiter> waiters = new ArrayList<>(); // by the tag given to the line

    private final ResetProtocolAttributes.Reply attributesReply = new ResetProtocolAttributes.Reply();
    private final ResetDomainAttributes.Reply domainReply = new ResetDomainAttributes.Reply();
    private final ResetCommand.Request resetRequest = new ResetCommand.Request();
    private final ResetCommand.Delayed resetDelayed = new ResetCommand.Delayed();
    private final ResetIssued issuedEvent = new ResetIssued();

    /**
     * @param lines the resets; this protocol is their listener from now on
     * @param agents all agents; may still grow while the service is put together
     */
    ResetProtocol(ResetLines lines, Agents agents) {
        super(ResetMessage.TABLE, ResetVersion.V3_1, ResourceKind.RESET, agents);
        this.lines = lines;
        lines.setListener(this::ended);
        on(ResetMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(ResetMessage.RESET_DOMAIN_ATTRIBUTES, this::domainAttributes);
        on(ResetMessage.RESET, this::reset);
        on(ResetMessage.RESET_NOTIFY, call -> subscribe(call, ISSUED));
        on(ResetMessage.RESET_DOMAIN_NAME_GET, this::nameGet);
    }

    @Override
    AgentState.Section section(int resources) {
        return new AgentState.Section(id().id(), resources, 1, ISSUED);
    }

    private ResetLine lineOf(AgentResource resource) {
        return lines.line(resource.index());
    }

    // ---- What there is.

    private int attributes(Call call) {
        attributesReply
                .begin(call.reply(), call.header())
                .domains(view(call.agent()).size());
        return call.succeed(attributesReply.messageLength());
    }

    private int domainAttributes(Call call) {
        AgentResource domain = call.resource();
        domainReply
                .begin(call.reply(), call.header())
                .attributes(attributesOf(call.agent(), domain), call.version())
                .latency((int) lineOf(domain).latencyMicros())
                .name(domain.name());
        return call.succeed(domainReply.messageLength());
    }

    private int attributesOf(Agent agent, AgentResource domain) {
        int attributes = 0;
        if (domain.mayBeControlled() && offersAsync(agent, domain)) {
            attributes |= ResetDomainAttributes.Reply.ASYNC;
        }
        if (agent.hasEvents() && domain.mayBeNotified()) {
            attributes |= ResetDomainAttributes.Reply.NOTIFY;
        }
        if (Names.needsExtended(domain.name())) {
            attributes |= ResetDomainAttributes.Reply.EXTENDED_NAME;
        }
        return attributes;
    }

    private boolean offersAsync(Agent agent, AgentResource domain) {
        return agent.hasEvents() && lineOf(domain).isAsynchronous();
    }

    // ---- Resets.

    private int reset(Call call) {
        resetRequest.wrap(call.request());
        AgentResource domain = call.resource();
        int flags = resetRequest.flags();
        ResetAction action = actionOf(flags);
        boolean isAsync = (flags & ResetCommand.Request.FLAG_ASYNC) != 0;
        if ((isAsync && action == ResetAction.RESET && !offersAsync(call.agent(), domain))
                || !lineOf(domain).supports(action)) {
            return Status.Code.NOT_SUPPORTED;
        }
        if ((flags & ResetCommand.Request.FLAGS_RESERVED) != 0
                || (isAsync && action != ResetAction.RESET)
                || resetRequest.resetState() != ResetCommand.Request.COLD_RESET) {
            return Status.Code.INVALID_PARAMETERS;
        }
        int resetState = resetRequest.resetState();
        return isAsync
                ? acceptAsync(call, flags, resetState)
                : perform(call.agent(), domain, action, resetState, call, 0);
    }

    private static ResetAction actionOf(int flags) {
        if ((flags & ResetCommand.Request.FLAG_AUTONOMOUS) != 0) {
            return ResetAction.RESET;
        }
        return (flags & ResetCommand.Request.FLAG_ASSERT) != 0 ? ResetAction.ASSERT : ResetAction.DEASSERT;
    }

    @Override
    int carryOut(Agent agent, int slot) {
        AgentState state = agent.state();
        AgentResource domain = view(agent).at(state.pendingResource(slot));
        return perform(agent, domain, ResetAction.RESET, (int) state.pendingWanted(slot), null, state.sequence(slot));
    }

    /**
     * @param call the command; null for an asynchronous one
     * @param sequence of an asynchronous command
     */
    private int perform(
            Agent agent, AgentResource domain, ResetAction action, int resetState, @Nullable Call call, int sequence) {
        int tag = freeWaiter();
        return switch (lineOf(domain).perform(action, tag)) {
            case DONE -> {
                tellIssued(lineOf(domain), action, resetState);
                yield Status.Code.SUCCESS;
            }
            case FAILED -> Status.Code.HARDWARE_ERROR;
            case BUSY -> Status.Code.BUSY;
            case STARTED -> {
                Waiter waiter = waiters.get(tag);
                waiter.agent = agent;
                waiter.call = call;
                waiter.ticket = call == null ? sequence : call.defer();
                waiter.resetState = resetState;
                yield NOT_YET;
            }
        };
    }

    private int freeWaiter() {
        for (int i = 0; i < waiters.size(); i++) {
            if (waiters.get(i).agent == null) {
                return i;
            }
        }
        waiters.add(new Waiter());
        return waiters.size() - 1;
    }

    /** The resets' listener: what was only started has ended. Its agent may be gone; then nobody waits for the reply. */
    private void ended(ResetLine line, ResetAction action, int tag, boolean ok) {
        Waiter waiter = waiters.get(tag);
        Agent agent = waiter.agent;
        Call call = waiter.call;
        int ticket = waiter.ticket;
        if (agent == null) {
            return;
        }
        waiter.agent = null;
        waiter.call = null;
        if (ok) {
            Agent before = agents().act(agent);
            try {
                tellIssued(line, action, waiter.resetState);
            } finally {
                agents().act(before);
            }
        }
        int status = ok ? Status.Code.SUCCESS : Status.Code.HARDWARE_ERROR;
        if (call == null) {
            finish(agent, ticket, status, 0);
        } else {
            call.complete(ticket, status);
        }
    }

    @Override
    int renderDelayed(Agent agent, int slot, MessageBuffer into) {
        AgentState state = agent.state();
        resetDelayed.begin(into, state.pendingHeader(slot)).domain(state.pendingResource(slot));
        return resetDelayed.messageLength();
    }

    // ---- Notifications.

    /** Letting go of a reset is no reset. */
    private void tellIssued(ResetLine line, ResetAction action, int resetState) {
        if (action != ResetAction.DEASSERT) {
            tellOthers(ResetMessage.RESET_ISSUED.id(), false, ISSUED, line.index(), resetState, 0);
        }
    }

    /** The agent may have unsubscribed since it was queued. */
    @Override
    int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
        if (!state(agent).is(ISSUED, entry.resource())) {
            return 0;
        }
        return issuedEvent
                .begin(into, 0)
                .agent(entry.causer())
                .domain(entry.resource())
                .resetState((int) entry.first())
                .messageLength();
    }

    // ---- Coming and going of agents.

    /** Resets stay as they are: nobody knows whether what is behind them may run. */
    @Override
    void release(Agent agent) {
        ResourceView domains = view(agent);
        for (int id = 0; id < domains.size(); id++) {
            state(agent).set(ISSUED, id, false);
        }
    }
}
