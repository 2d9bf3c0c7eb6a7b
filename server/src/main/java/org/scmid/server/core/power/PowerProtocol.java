// The Power domain protocol: votes of agents for power domains, and who is told of what.
package org.scmid.server.core.power;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.PowerDriver;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Names;
import org.scmid.protocol.Status;
import org.scmid.protocol.power.PowerDomainAttributes;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.power.PowerProtocolAttributes;
import org.scmid.protocol.power.PowerState;
import org.scmid.protocol.power.PowerStateEvent;
import org.scmid.protocol.power.PowerStateGet;
import org.scmid.protocol.power.PowerStateSet;
import org.scmid.protocol.power.PowerVersion;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.agent.Call;
import org.scmid.server.core.agent.NotificationQueue;
import org.scmid.server.core.agent.Operation;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.server.core.protocol.Votes;
import org.scmid.server.core.state.Section;

/**
 * The Power domain protocol (DEN0056, "Power domain management protocol").
 *
 * <p>On is a vote: a domain is on while any agent votes for it. An agent that asks for off while others want on is
 * answered SUCCESS; what it reads then is the rule of {@link Votes}. A command that fails leaves the vote as it was.
 *
 * <p>A synchronous command is answered when hardware is done. An asynchronous one is answered at once, and has no delayed
 * response: its end is told by POWER_STATE_CHANGED.
 */
public final class PowerProtocol extends Protocol {
    /** The agent votes for on. */
    public static final int VOTE = 1;

    /** The agent asked for off, see {@link Votes}. */
    static final int ASKED_OFF = 1 << 1;

    /** It subscribed to POWER_STATE_CHANGED. */
    static final int CHANGED = 1 << 2;

    /** It subscribed to POWER_STATE_CHANGE_REQUESTED. */
    static final int CHANGE_REQUESTED = 1 << 3;

    private final List<? extends PowerDriver> domains;
    private final Votes votes;

    private final PowerProtocolAttributes.Reply attributesReply = new PowerProtocolAttributes.Reply();
    private final PowerDomainAttributes.Reply domainReply = new PowerDomainAttributes.Reply();
    private final PowerStateSet.Request setRequest = new PowerStateSet.Request();
    private final PowerStateGet.Reply getReply = new PowerStateGet.Reply();
    private final PowerStateEvent changedEvent = PowerStateEvent.changed();
    private final PowerStateEvent requestedEvent = PowerStateEvent.changeRequested();

    /**
     * @param domains the power domains; {@link #changed} is to be told of their states
     * @param agents all agents
     */
    public PowerProtocol(List<? extends PowerDriver> domains, Agents agents) {
        super(PowerMessage.TABLE, PowerVersion.V3_1, ResourceKind.POWER_DOMAIN, domains.size(), agents);
        this.domains = domains;
        votes = new Votes(this, this::domainOf, VOTE, ASKED_OFF);
        on(PowerMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(PowerMessage.POWER_DOMAIN_ATTRIBUTES, this::domainAttributes);
        on(PowerMessage.POWER_STATE_SET, this::stateSet);
        on(PowerMessage.POWER_STATE_GET, this::askState, this::replyState);
        on(PowerMessage.POWER_STATE_NOTIFY, call -> subscribe(call, CHANGED));
        on(PowerMessage.POWER_STATE_CHANGE_REQUESTED_NOTIFY, call -> subscribe(call, CHANGE_REQUESTED));
        on(PowerMessage.POWER_DOMAIN_NAME_GET, this::nameGet);
    }

    @Override
    public Section section() {
        return Section.of(id().id(), ResourceKind.POWER_DOMAIN, 1, VOTE | ASKED_OFF | CHANGED | CHANGE_REQUESTED);
    }

    @Override
    protected int heldBy(Aspect aspect) {
        return aspect == Aspect.STATE ? VOTE | ASKED_OFF : 0;
    }

    private PowerDriver domainOf(AgentResource resource) {
        return domains.get(resource.index());
    }

    // ---- What there is.

    private int attributes(Call call) {
        attributesReply
                .begin(call.reply(), call.header())
                .domains(view(call.agent()).size())
                .noStatistics();
        return call.succeed(attributesReply.messageLength());
    }

    private int domainAttributes(Call call) {
        AgentResource domain = call.resource();
        domainReply
                .begin(call.reply(), call.header())
                .attributes(attributesOf(call.agent(), domain), call.version())
                .name(domain.name());
        return call.succeed(domainReply.messageLength());
    }

    private static int attributesOf(Agent agent, AgentResource domain) {
        int attributes = 0;
        if (domain.mayChange(Aspect.STATE)) {
            attributes |= PowerDomainAttributes.Reply.SET_SYNC;
            if (agent.hasEvents()) {
                attributes |= PowerDomainAttributes.Reply.SET_ASYNC;
            }
        }
        if (agent.hasEvents() && domain.mayBeNotified()) {
            attributes |=
                    PowerDomainAttributes.Reply.CHANGED_NOTIFY | PowerDomainAttributes.Reply.CHANGE_REQUESTED_NOTIFY;
        }
        if (Names.needsExtended(domain.name())) {
            attributes |= PowerDomainAttributes.Reply.EXTENDED_NAME;
        }
        return attributes;
    }

    // ---- The state.

    private Outcome askState(Operation operation) {
        return domainOf(operation.resource()).readState(operation);
    }

    /** Linux reads back what it has set, and takes another state for a failure. */
    private int replyState(Operation operation) {
        Call call = operation.call();
        getReply.begin(call.reply(), call.header()).powerState(PowerState.of(votes.readsOn(operation)));
        return call.succeed(getReply.messageLength());
    }

    private int stateSet(Call call) {
        setRequest.wrap(call.request());
        int flags = setRequest.flags();
        boolean isAsync = (flags & PowerStateSet.Request.FLAG_ASYNC) != 0;
        int wanted = setRequest.powerState();
        if (wanted != PowerState.ON && wanted != PowerState.OFF) {
            return Status.Code.INVALID_PARAMETERS;
        }
        if (isAsync && !call.agent().hasEvents()) {
            return Status.Code.NOT_SUPPORTED;
        }
        if (isRefused(call.resource(), wanted)) {
            return Status.Code.BUSY;
        }
        return isAsync ? acceptAsync(call, flags, wanted) : setNow(call, wanted == PowerState.ON);
    }

    private boolean isRefused(AgentResource domain, int wanted) {
        return wanted == PowerState.OFF && domainOf(domain).refusesToGoOff(domain.isCounted());
    }

    private int setNow(Call call, boolean on) {
        tellRequested(call.resource(), on);
        return call.operation().wants(PowerState.of(on), 0).run(on ? votes.on : votes.off);
    }

    @Override
    public int carryOut(Agent agent, int slot) {
        AgentResource domain = pendingResource(agent, slot);
        int wanted = (int) agent.state().pendingWanted(slot);
        if (isRefused(domain, wanted)) {
            return Status.Code.BUSY; // it was not when the command was accepted
        }
        boolean on = wanted == PowerState.ON;
        tellRequested(domain, on);
        return agent.begin(slot, domain).wants(wanted, 0).run(on ? votes.on : votes.off);
    }

    private void tellRequested(AgentResource domain, boolean on) {
        tellSubscribers(
                PowerMessage.POWER_STATE_CHANGE_REQUESTED.id(),
                false,
                CHANGE_REQUESTED,
                domain.index(),
                PowerState.of(on),
                0);
    }

    /** SCMI defines none: subscribers of POWER_STATE_CHANGED see the end. */
    @Override
    public boolean hasDelayedResponse(int flags) {
        return false;
    }

    // ---- Notifications.

    /**
     * The state of a domain has changed.
     *
     * @param domain its position on the board
     * @param cause who asked for it; null for nobody
     */
    public void changed(int domain, boolean on, @Nullable Waiter cause) {
        Agent before = agents().act(Agents.of(cause));
        try {
            tellSubscribers(PowerMessage.POWER_STATE_CHANGED.id(), true, CHANGED, domain, PowerState.of(on), 0);
        } finally {
            agents().act(before);
        }
    }

    /** The agent may have unsubscribed, or chosen a version without the notification, since it was queued. */
    @Override
    public int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
        boolean isChange = entry.kind() == PowerMessage.POWER_STATE_CHANGED.id();
        if (!state(agent).is(isChange ? CHANGED : CHANGE_REQUESTED, entry.resource())
                || (!isChange && !speaks(agent, PowerVersion.V2_0))) {
            return 0;
        }
        PowerStateEvent event = isChange ? changedEvent : requestedEvent;
        return event.begin(into, 0)
                .agent(entry.causer())
                .domain(entry.resource())
                .powerState((int) entry.first())
                .messageLength();
    }

    // ---- Coming and going of agents.

    @Override
    protected int subscriptions() {
        return CHANGED | CHANGE_REQUESTED;
    }

    @Override
    protected void release(Agent agent, AgentResource domain) {
        state(agent).set(subscriptions(), domain.id(), false);
        votes.release(agent, domain);
    }

    @Override
    protected void restore(Agent agent, AgentResource domain, boolean apply) {
        votes.restore(agent, domain, apply);
    }
}
