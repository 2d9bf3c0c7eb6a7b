// The Reset protocol: commands of agents to resets, and who is told of them.
package org.scmid.server.core.reset;

import java.util.List;
import org.scmid.config.resource.ResourceKind;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.ResetAction;
import org.scmid.platform.driver.ResetDriver;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Names;
import org.scmid.protocol.Status;
import org.scmid.protocol.reset.ResetCommand;
import org.scmid.protocol.reset.ResetDomainAttributes;
import org.scmid.protocol.reset.ResetIssued;
import org.scmid.protocol.reset.ResetMessage;
import org.scmid.protocol.reset.ResetProtocolAttributes;
import org.scmid.protocol.reset.ResetVersion;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.agent.Call;
import org.scmid.server.core.agent.NotificationQueue;
import org.scmid.server.core.agent.Operation;
import org.scmid.server.core.agent.Procedure;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.server.core.state.AgentState;
import org.scmid.server.core.state.Section;

/**
 * The Reset protocol (DEN0056, "Reset domain management protocol").
 *
 * <p>Resets are no votes: commands are carried out in the order in which they come, the last one wins, and what hardware
 * says is the state. An agent that goes leaves a reset that it holds asserted as it is.
 *
 * <p>A synchronous command is answered when hardware is done, an asynchronous one at once, with RESET_COMPLETE later.
 */
public final class ResetProtocol extends Protocol {
    /** The agent subscribed to RESET_ISSUED. */
    static final int ISSUED = 1;

    private final List<? extends ResetDriver> resets;
    private final Procedure perform = new Performing();

    private final ResetProtocolAttributes.Reply attributesReply = new ResetProtocolAttributes.Reply();
    private final ResetDomainAttributes.Reply domainReply = new ResetDomainAttributes.Reply();
    private final ResetCommand.Request resetRequest = new ResetCommand.Request();
    private final ResetCommand.Delayed resetDelayed = new ResetCommand.Delayed();
    private final ResetIssued issuedEvent = new ResetIssued();

    /**
     * @param resets the resets
     * @param agents all agents
     */
    public ResetProtocol(List<? extends ResetDriver> resets, Agents agents) {
        super(ResetMessage.TABLE, ResetVersion.V3_1, ResourceKind.RESET, resets.size(), agents);
        this.resets = resets;
        on(ResetMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(ResetMessage.RESET_DOMAIN_ATTRIBUTES, this::domainAttributes);
        on(ResetMessage.RESET, this::reset);
        on(ResetMessage.RESET_NOTIFY, call -> subscribe(call, ISSUED));
        on(ResetMessage.RESET_DOMAIN_NAME_GET, this::nameGet);
    }

    @Override
    public Section section() {
        return Section.of(id().id(), ResourceKind.RESET, 1, ISSUED);
    }

    private ResetDriver resetOf(AgentResource resource) {
        return resets.get(resource.index());
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
                .latency((int) resetOf(domain).latencyMicros())
                .name(domain.name());
        return call.succeed(domainReply.messageLength());
    }

    private int attributesOf(Agent agent, AgentResource domain) {
        int attributes = 0;
        if (domain.mayChange(Aspect.RESET) && offersAsync(agent, domain)) {
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
        return agent.hasEvents() && resetOf(domain).isAsynchronous();
    }

    // ---- Resets.

    private int reset(Call call) {
        resetRequest.wrap(call.request());
        AgentResource domain = call.resource();
        int flags = resetRequest.flags();
        ResetAction action = actionOf(flags);
        boolean isAsync = (flags & ResetCommand.Request.FLAG_ASYNC) != 0;
        if ((isAsync && action != ResetAction.RESET) || resetRequest.resetState() != ResetCommand.Request.COLD_RESET) {
            return Status.Code.INVALID_PARAMETERS;
        }
        if ((isAsync && !offersAsync(call.agent(), domain)) || !resetOf(domain).supports(action)) {
            return Status.Code.NOT_SUPPORTED;
        }
        int resetState = resetRequest.resetState();
        return isAsync
                ? acceptAsync(call, flags, resetState)
                : call.operation().wants(resetState, flags).run(perform);
    }

    private static ResetAction actionOf(int flags) {
        if ((flags & ResetCommand.Request.FLAG_AUTONOMOUS) != 0) {
            return ResetAction.RESET;
        }
        return (flags & ResetCommand.Request.FLAG_ASSERT) != 0 ? ResetAction.ASSERT : ResetAction.DEASSERT;
    }

    @Override
    public int carryOut(Agent agent, int slot) {
        AgentState state = agent.state();
        return agent.begin(slot, pendingResource(agent, slot))
                .wants(state.pendingWanted(slot), state.pendingFlags(slot))
                .run(perform);
    }

    /** Does to a reset what the command says. Subscribers are told of it when it is done, whether its agent still waits or not. */
    private final class Performing extends Procedure {
        @Override
        protected Outcome ask(Operation operation) {
            return resetOf(operation.resource()).perform(actionOf(operation.flags()), operation);
        }

        @Override
        protected boolean isHolding() {
            return false;
        }

        @Override
        protected void succeeded(Operation operation) {
            tellIssued(operation.resource(), actionOf(operation.flags()), (int) operation.wanted());
        }
    }

    @Override
    public int renderDelayed(Agent agent, int slot, MessageBuffer into) {
        AgentState state = agent.state();
        resetDelayed.begin(into, state.pendingHeader(slot)).domain(state.pendingResource(slot));
        return resetDelayed.messageLength();
    }

    // ---- Notifications.

    /** Letting go of a reset is no reset. */
    private void tellIssued(AgentResource reset, ResetAction action, int resetState) {
        if (action != ResetAction.DEASSERT) {
            tellSubscribers(ResetMessage.RESET_ISSUED.id(), false, ISSUED, reset.index(), resetState, 0);
        }
    }

    /** The agent may have unsubscribed since it was queued. */
    @Override
    public int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
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
    protected int subscriptions() {
        return ISSUED;
    }

    @Override
    protected void release(Agent agent, AgentResource domain) {
        state(agent).set(ISSUED, domain.id(), false);
    }
}
