// The Power domain protocol: votes of agents for power domains, and who is told of what.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.platform.power.PowerDomain;
import org.scmid.platform.power.PowerListener;
import org.scmid.platform.power.PowerTree;
import org.scmid.platform.power.Progress;
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

/**
 * The Power domain protocol over a {@link PowerTree}.
 *
 * <p>On is a vote: a domain is on while any agent votes for it. An agent that asks for off while others want on is
 * answered SUCCESS, and reads OFF from then on, since that is what it asked for; else an agent reads what hardware says.
 * A command that fails leaves the vote as it was.
 *
 * <p>A synchronous command is answered when hardware is done. An asynchronous one is answered at once, and has no delayed
 * response: its end is told by POWER_STATE_CHANGED, to the agent that asked, too.
 */
final class PowerProtocol extends Protocol implements PowerListener {
    /** The agent votes for on. */
    static final int VOTE = 1;

    /** The agent asked for off, after which it reads off. */
    static final int ASKED_OFF = 1 << 1;

    /** It subscribed to POWER_STATE_CHANGED. */
    static final int CHANGED = 1 << 2;

    /** It subscribed to POWER_STATE_CHANGE_REQUESTED. */
    static final int CHANGE_REQUESTED = 1 << 3;

    /** A command whose end comes later. */
    private static final class Waiter {
        private @Nullable Call call; // null: asynchronous
        private int ticket; // of the call, or the sequence number of an asynchronous command
        private boolean on;
        private int flagsBefore;
        private int stamp;
        private @Nullable Agent agent;
        private @Nullable AgentResource resource;

        private Agent agent() {
            Agent its = agent;
            if (its == null) {
                throw new IllegalStateException("nobody waits");
            }
            return its;
        }

        private AgentResource resource() {
            AgentResource its = resource;
            if (its == null) {
                throw new IllegalStateException("nobody waits");
            }
            return its;
        }
    }

    private final PowerTree tree;
    private final List<Waiter> waiters = new ArrayList<>(); // the first waiting of them are in use, oldest first
    private int waiting;
    private int stamp;

    /** The agent whose asynchronous command is being begun. */
    private @Nullable Agent beginning;

    private final PowerProtocolAttributes.Reply attributesReply = new PowerProtocolAttributes.Reply();
    private final PowerDomainAttributes.Reply domainReply = new PowerDomainAttributes.Reply();
    private final PowerStateSet.Request setRequest = new PowerStateSet.Request();
    private final PowerStateGet.Reply getReply = new PowerStateGet.Reply();
    private final PowerStateEvent changedEvent = PowerStateEvent.changed();
    private final PowerStateEvent requestedEvent = PowerStateEvent.changeRequested();

    /**
     * @param tree the power domains; this protocol is its listener from now on
     * @param agents all agents; may still grow while the service is put together
     */
    PowerProtocol(PowerTree tree, Agents agents) {
        super(PowerMessage.TABLE, PowerVersion.V3_1, ResourceKind.POWER_DOMAIN, agents);
        this.tree = tree;
        tree.setListener(this);
        on(PowerMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(PowerMessage.POWER_DOMAIN_ATTRIBUTES, this::domainAttributes);
        on(PowerMessage.POWER_STATE_SET, this::stateSet);
        on(PowerMessage.POWER_STATE_GET, this::stateGet);
        on(PowerMessage.POWER_STATE_NOTIFY, call -> subscribe(call, CHANGED));
        on(PowerMessage.POWER_STATE_CHANGE_REQUESTED_NOTIFY, call -> subscribe(call, CHANGE_REQUESTED));
        on(PowerMessage.POWER_DOMAIN_NAME_GET, this::nameGet);
    }

    @Override
    AgentState.Section section(int resources) {
        return new AgentState.Section(id().id(), resources, 1, VOTE | ASKED_OFF | CHANGED | CHANGE_REQUESTED);
    }

    private PowerDomain domainOf(AgentResource resource) {
        return tree.domain(resource.index());
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
        if (domain.mayBeControlled()) {
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

    /** Linux reads back what it has set, and takes another state for a failure. */
    private int stateGet(Call call) {
        AgentResource domain = call.resource();
        boolean isOn = !state(call.agent()).is(ASKED_OFF, domain.id())
                && domainOf(domain).isOn();
        getReply.begin(call.reply(), call.header()).powerState(PowerState.of(isOn));
        return call.succeed(getReply.messageLength());
    }

    private int stateSet(Call call) {
        setRequest.wrap(call.request());
        int flags = setRequest.flags();
        boolean isAsync = (flags & PowerStateSet.Request.FLAG_ASYNC) != 0;
        if (isAsync && !call.agent().hasEvents()) {
            return Status.Code.NOT_SUPPORTED;
        }
        int wanted = setRequest.powerState();
        if ((flags & PowerStateSet.Request.FLAGS_RESERVED) != 0
                || (wanted != PowerState.ON && wanted != PowerState.OFF)) {
            return Status.Code.INVALID_PARAMETERS;
        }
        if (isRefused(call.resource(), wanted)) {
            return Status.Code.BUSY;
        }
        return isAsync ? acceptAsync(call, flags, wanted) : setNow(call, wanted == PowerState.ON);
    }

    private boolean isRefused(AgentResource domain, int wanted) {
        return wanted == PowerState.OFF && tree.refusesToGoOff(domainOf(domain), domain.isCounted());
    }

    private int setNow(Call call, boolean on) {
        AgentResource domain = call.resource();
        int flagsBefore = state(call.agent()).word(domain.id(), 0);
        return switch (set(call.agent(), domain, on)) {
            case DONE -> Status.Code.SUCCESS;
            case FAILED -> {
                takeBack(call.agent(), domain, on, flagsBefore);
                yield Status.Code.HARDWARE_ERROR;
            }
            case STARTED -> {
                addWaiter(call, call.defer(), call.agent(), domain, on, flagsBefore);
                yield Call.DEFERRED;
            }
        };
    }

    @Override
    int carryOut(Agent agent, int slot) {
        AgentState state = agent.state();
        AgentResource domain = view(agent).at(state.pendingResource(slot));
        int wanted = (int) state.pendingWanted(slot);
        boolean on = wanted == PowerState.ON;
        if (isRefused(domain, wanted)) {
            return Status.Code.BUSY; // it was not when the command was accepted
        }
        int flagsBefore = state(agent).word(domain.id(), 0);
        beginning = agent;
        Progress progress;
        try {
            progress = set(agent, domain, on);
        } finally {
            beginning = null;
        }
        return switch (progress) {
            case DONE -> Status.Code.SUCCESS;
            case FAILED -> {
                takeBack(agent, domain, on, flagsBefore);
                yield Status.Code.HARDWARE_ERROR;
            }
            case STARTED -> {
                addWaiter(null, state.sequence(slot), agent, domain, on, flagsBefore);
                yield NOT_YET;
            }
        };
    }

    /** SCMI defines none: subscribers of POWER_STATE_CHANGED see the end. */
    @Override
    boolean hasDelayedResponse(int flags) {
        return false;
    }

    private Progress set(Agent agent, AgentResource domain, boolean on) {
        tellOthers(
                PowerMessage.POWER_STATE_CHANGE_REQUESTED.id(),
                false,
                CHANGE_REQUESTED,
                domain.index(),
                PowerState.of(on),
                0);
        return on ? vote(agent, domain) : unvote(agent, domain);
    }

    // In both the flags are one store. A service that is killed before the reply gets the command again, and finds it
    // half done or done.

    private Progress vote(Agent agent, AgentResource domain) {
        putRequest(agent, domain, VOTE);
        if (domain.isCounted()) {
            return tree.makeOn(domainOf(domain), agent.id());
        }
        domain.setCounted(true);
        return tree.vote(domainOf(domain), agent.id());
    }

    private Progress unvote(Agent agent, AgentResource domain) {
        putRequest(agent, domain, ASKED_OFF);
        if (!domain.isCounted()) {
            return tree.makeOff(domainOf(domain), agent.id());
        }
        domain.setCounted(false);
        return tree.unvote(domainOf(domain), agent.id());
    }

    private void putRequest(Agent agent, AgentResource domain, int flag) {
        int others = state(agent).word(domain.id(), 0) & ~(VOTE | ASKED_OFF);
        state(agent).put(domain.id(), 0, others | flag);
    }

    /** A command came to nothing: the vote is as it was before, unless the agent has asked for something else since. */
    private void takeBack(Agent agent, AgentResource domain, boolean on, int flagsBefore) {
        if (state(agent).is(on ? ASKED_OFF : VOTE, domain.id())) {
            return;
        }
        boolean didVote = (flagsBefore & VOTE) != 0;
        putRequest(agent, domain, flagsBefore & (VOTE | ASKED_OFF));
        if (on && !didVote && domain.isCounted()) {
            domain.setCounted(false);
            tree.forget(domainOf(domain));
        } else if (!on && didVote && !domain.isCounted()) {
            domain.setCounted(true);
            tree.recount(domainOf(domain));
        }
    }

    // ---- Commands whose end comes later.

    private void addWaiter(
            @Nullable Call call, int ticket, Agent agent, AgentResource domain, boolean on, int flagsBefore) {
        if (waiting == waiters.size()) {
            waiters.add(new Waiter());
        }
        Waiter waiter = waiters.get(waiting++);
        waiter.call = call;
        waiter.ticket = ticket;
        waiter.agent = agent;
        waiter.resource = domain;
        waiter.on = on;
        waiter.flagsBefore = flagsBefore;
        waiter.stamp = ++stamp;
    }

    /** Takes a waiter out of the list, whose others keep their order; it is used again. */
    private Waiter removeWaiter(int position) {
        Waiter removed = waiters.get(position);
        waiting--;
        for (int i = position; i < waiting; i++) {
            waiters.set(i, waiters.get(i + 1));
        }
        waiters.set(waiting, removed);
        return removed;
    }

    @Override
    public void finished(PowerDomain domain, boolean on, boolean ok) {
        end(domain, on, false, ok ? Status.Code.SUCCESS : Status.Code.HARDWARE_ERROR);
    }

    /** Who still waits asked for what became needless, as somebody else asked for the opposite. */
    @Override
    public void settled(PowerDomain domain) {
        end(domain, false, true, Status.Code.SUCCESS);
    }

    /** Ends those who wait for a domain; not those who come meanwhile, as an answered agent may ask at once again. */
    private void end(PowerDomain domain, boolean on, boolean whatever, int status) {
        int last = stamp;
        for (int i = 0; i < waiting; ) {
            Waiter waiter = waiters.get(i);
            if (waiter.stamp - last <= 0
                    && waiter.resource().index() == domain.index()
                    && (whatever || waiter.on == on)) {
                end(removeWaiter(i), status);
                i = 0;
            } else {
                i++;
            }
        }
    }

    private void end(Waiter waiter, int status) {
        Agent agent = waiter.agent();
        Call call = waiter.call;
        int ticket = waiter.ticket;
        if (status != Status.Code.SUCCESS) {
            takeBack(agent, waiter.resource(), waiter.on, waiter.flagsBefore);
        }
        waiter.call = null;
        waiter.agent = null;
        waiter.resource = null;
        if (call == null) {
            finish(agent, ticket, status, 0);
        } else {
            call.complete(ticket, status);
        }
    }

    // ---- Notifications.

    @Override
    public void changed(PowerDomain domain, boolean on, int cause) {
        Agent causer = cause == Agents.PLATFORM ? null : agents().get(cause - 1);
        Agent before = agents().act(causer);
        try {
            tellOthers(PowerMessage.POWER_STATE_CHANGED.id(), true, CHANGED, domain.index(), PowerState.of(on), 0);
        } finally {
            agents().act(before);
        }
        if (causer != null && askedAsynchronously(causer, domain, on)) {
            tellCauser(causer, domain, on);
        }
    }

    private boolean askedAsynchronously(Agent agent, PowerDomain domain, boolean on) {
        if (beginning == agent) {
            return true;
        }
        for (int i = 0; i < waiting; i++) {
            Waiter waiter = waiters.get(i);
            if (waiter.call == null
                    && waiter.agent == agent
                    && waiter.on == on
                    && waiter.resource().index() == domain.index()) {
                return true;
            }
        }
        return false;
    }

    private void tellCauser(Agent agent, PowerDomain domain, boolean on) {
        AgentResource its = view(agent).of(domain.index());
        if (its != null && its.mayBeNotified() && state(agent).is(CHANGED, its.id())) {
            tell(agent, PowerMessage.POWER_STATE_CHANGED.id(), true, its.id(), agent.id(), PowerState.of(on), 0);
        }
    }

    /** The agent may have unsubscribed, or chosen a version without the notification, since it was queued. */
    @Override
    int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
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
    void release(Agent agent) {
        for (int i = waiting - 1; i >= 0; i--) {
            if (waiters.get(i).agent == agent) {
                Waiter gone = removeWaiter(i);
                gone.call = null;
                gone.agent = null;
                gone.resource = null;
            }
        }
        ResourceView domains = view(agent);
        for (int id = 0; id < domains.size(); id++) {
            state(agent).clear(id);
            AgentResource domain = domains.at(id);
            if (domain.isCounted()) {
                domain.setCounted(false);
                tree.unvote(domainOf(domain), agent.id());
            }
        }
    }

    /** Has the tree count the votes; nothing is switched, unless the registers are simulated and began anew. */
    @Override
    void restore(Agent agent, boolean apply) {
        ResourceView domains = view(agent);
        for (int id = 0; id < domains.size(); id++) {
            if (!state(agent).is(VOTE, id)) {
                continue;
            }
            AgentResource domain = domains.at(id);
            if (domainOf(domain).isOn()) {
                domain.setCounted(true);
                tree.restore(domainOf(domain));
            } else if (apply) {
                domain.setCounted(true);
                tree.vote(domainOf(domain), agent.id());
            } else {
                System.getLogger(PowerProtocol.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "agent " + agent.name() + " has switched power domain " + domainOf(domain)
                                        + " on, but its registers say it is off; it is left so");
            }
        }
    }
}
