// What all protocols have in common: their table of commands, the checks in front of them, and the way of events.
package org.scmid.server.core.protocol;

import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.platform.driver.Outcome;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.Header;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.Tier;
import org.scmid.protocol.common.NameReply;
import org.scmid.protocol.common.NegotiateProtocolVersion;
import org.scmid.protocol.common.NotifyEnable;
import org.scmid.protocol.common.ProtocolMessageAttributes;
import org.scmid.protocol.common.ProtocolVersionGet;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentMetrics.EventCount;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.agent.Call;
import org.scmid.server.core.agent.Events;
import org.scmid.server.core.agent.Holders;
import org.scmid.server.core.agent.NotificationQueue;
import org.scmid.server.core.agent.Operation;
import org.scmid.server.core.agent.Procedure;
import org.scmid.server.core.agent.ResourceView;
import org.scmid.server.core.state.AgentState;
import org.scmid.server.core.state.ResourceState;
import org.scmid.server.core.state.Section;

/**
 * One protocol: which of its messages are implemented, and how. A subclass binds each message of its table to a handler,
 * in its constructor; dispatch and PROTOCOL_MESSAGE_ATTRIBUTES follow from these bindings, so they cannot disagree.
 *
 * <p>What the table says is checked here, before the handler runs, in this order: the message is in the version that
 * the agent speaks (NOT_FOUND), its length (PROTOCOL_ERROR), the resource that it names (NOT_FOUND), the agent's
 * permission (DENIED), reserved bits (INVALID_PARAMETERS), a platform-to-agent channel if it is about events
 * (NOT_SUPPORTED). Handlers go on: whether somebody else decides (DENIED), values that no resource has
 * (INVALID_PARAMETERS), whether the resource has the feature (NOT_SUPPORTED), ranges (OUT_OF_RANGE).
 */
public abstract class Protocol implements Events {
    private static final System.Logger LOG = System.getLogger(Protocol.class.getName());

    /** The ids that are the same in every protocol. */
    private static final int PROTOCOL_VERSION = 0x0;

    private static final int MESSAGE_ATTRIBUTES = 0x2;
    private static final int NEGOTIATE = 0x10;

    private static final Aspect[] ASPECTS = Aspect.values();

    private final MessageTable<?> table;
    private final int newest;
    private final @Nullable ResourceKind kind;
    private final Agents agents;
    private final Holders holders;
    private final @Nullable Command[] commands;

    private final ProtocolVersionGet.Reply versionReply = new ProtocolVersionGet.Reply();
    private final ProtocolMessageAttributes.Request attributesRequest;
    private final ProtocolMessageAttributes.Reply attributesReply = new ProtocolMessageAttributes.Reply();
    private final NegotiateProtocolVersion.Request negotiateRequest;
    private final NameReply nameReply = new NameReply();

    /** Carries out a command: checks its values, acts, writes the reply. */
    @FunctionalInterface
    protected interface Handler {
        /**
         * @return the status; SUCCESS through {@link Call#succeed} if there is more to the reply than a status; {@link
         *     Call#DEFERRED}, from {@link Operation#run}, if the reply comes later
         */
        int handle(Call call);
    }

    /** A message that is implemented. */
    private record Command(Message message, Handler handler, int resourceOffset) {
        boolean needsEvents() {
            return message.tier() == Tier.NOTIFY;
        }
    }

    /**
     * @param table all of the protocol's messages
     * @param newest the version that is spoken unless an agent negotiates an older one
     * @param kind what the protocol is about; null if it has no resources
     * @param resources how many of them the board has
     * @param agents all agents
     */
    protected Protocol(MessageTable<?> table, int newest, @Nullable ResourceKind kind, int resources, Agents agents) {
        this.table = table;
        this.newest = newest;
        this.kind = kind;
        this.agents = agents;
        this.holders = new Holders(resources);
        this.commands = new Command[table.commandLimit()];
        this.attributesRequest = new ProtocolMessageAttributes.Request(message(MESSAGE_ATTRIBUTES));
        this.negotiateRequest = new NegotiateProtocolVersion.Request(message(NEGOTIATE));
        on(message(PROTOCOL_VERSION), this::protocolVersion);
        on(message(MESSAGE_ATTRIBUTES), this::messageAttributes);
        on(message(NEGOTIATE), this::negotiate);
    }

    /** Binds a command to what is asked of hardware and what is replied: at once, or when hardware has ended it. */
    protected final void on(Message command, Procedure.Question question, Procedure.Answer answer) {
        Procedure later = Procedure.reading(question, answer);
        on(command, call -> {
            Operation operation = call.operation();
            Outcome outcome = question.ask(operation);
            return outcome == Outcome.OK ? answer.done(operation) : operation.later(later, outcome);
        });
    }

    /** Binds a command to what carries it out. */
    public final void on(Message command, Handler handler) {
        int offset = command.description().fromAgent().resourceOffset();
        if (offset != Layout.NO_RESOURCE && kind == null) {
            throw new IllegalArgumentException(command.name() + " names a resource, but the protocol has none");
        }
        commands[command.id()] = new Command(command, handler, offset);
    }

    public final ProtocolId id() {
        return table.protocol();
    }

    /** What the protocol is about; null if it has no resources. */
    public final @Nullable ResourceKind kind() {
        return kind;
    }

    public final MessageTable<?> table() {
        return table;
    }

    /** The version that is spoken unless an agent negotiates an older one. */
    public final int newest() {
        return newest;
    }

    /** All agents, and who acts. */
    public final Agents agents() {
        return agents;
    }

    /** Whether a message is bound to a handler. */
    public final boolean implementsCommand(Message command) {
        return commands[command.id()] != null;
    }

    // ---- What a subclass says of itself.

    /** Whether an agent has anything of this protocol. */
    public boolean isOfferedTo(Agent agent) {
        return view(agent).size() > 0;
    }

    /** What is remembered for an agent; null if nothing. */
    public @Nullable Section section() {
        return null;
    }

    /** The agent has other ids from now on, and holds nothing. */
    protected void renumbered(Agent agent) {}

    /** What PROTOCOL_MESSAGE_ATTRIBUTES answers for a command that is implemented. */
    protected int attributesOf(Agent agent, Message command) {
        return 0;
    }

    /** How many resources of this protocol an agent has, by id; 0 if there is none. */
    final int resourcesOf(Agent agent) {
        return kind == null ? 0 : view(agent).size();
    }

    /** The flags by which an agent's state says that it subscribed to something of a resource. */
    protected int subscriptions() {
        return 0;
    }

    /** Drops the agent's subscriptions, of all resources; what it holds stays. */
    public void unsubscribe(Agent agent) {
        ResourceView resources = view(agent);
        for (int id = 0; id < resources.size(); id++) {
            if (resources.at(id).isVisible()) {
                state(agent).set(subscriptions(), id, false);
                unsubscribed(resources.at(id));
            }
        }
    }

    /** An agent has no subscriptions of a resource any more. */
    protected void unsubscribed(AgentResource resource) {}

    /** Gives up what the agent holds and asked for that is of no resource. What it has asked of hardware is revoked by then. */
    public void release(Agent agent) {}

    /** Gives up what the agent holds of a resource, and returns whether there was anything. */
    final boolean releaseHeld(Agent agent, int id) {
        AgentResource resource = view(agent).at(id);
        boolean isHeld =
                resource.isVisible() && (resource.isCounted() || !state(agent).isEmpty(id));
        if (isHeld) {
            release(agent, resource);
        }
        return isHeld;
    }

    /** Gives up what the agent holds and asked for of a resource: votes, subscriptions, wishes. */
    protected void release(Agent agent, AgentResource resource) {}

    /** The flags by which an agent's state says that it holds something of a resource which takes this of its control. */
    protected int heldBy(Aspect aspect) {
        return 0;
    }

    /** Gives up what the agent holds by {@link #heldBy} of a resource; everything, where there is one such aspect only. */
    protected void release(Agent agent, AgentResource resource, Aspect aspect) {
        release(agent, resource);
    }

    /** A trusted agent took a resource away from the agent, or gave it back; what it holds of it, it holds on to. */
    public void denialChanged(Agent agent, AgentResource resource) {}

    /**
     * After a start: has the hardware's side count what an earlier process of this service left in the agent's state.
     * Nothing is written that hardware says already.
     *
     * @param apply whether to do again what hardware does not show: for simulated registers, which ended with that
     *     process. Real ones are the truth
     */
    public void restore(Agent agent, boolean apply) {
        ResourceKind its = kind;
        if (its == null || section() == null) {
            return;
        }
        ResourceView resources = agent.view(its);
        for (int id = 0; id < resources.size(); id++) {
            AgentResource resource = resources.at(id);
            if (resource.index() != AgentResource.NOT_THERE && !state(agent).isEmpty(id)) {
                restore(agent, resource, apply);
            }
        }
    }

    /** As {@link #restore(Agent, boolean)}, for a resource of which anything is remembered. */
    protected void restore(Agent agent, AgentResource resource, boolean apply) {}

    /**
     * After a start: gives up what the service file does not let the agent hold any more, forgets what the board has no
     * more, and ends what was asked of either. Each is said.
     */
    public void giveUpWhatIsNotGranted(Agent agent) {
        ResourceKind its = kind;
        if (its == null || section() == null) {
            return;
        }
        ResourceView resources = agent.view(its);
        for (int id = 0; id < resources.size(); id++) {
            AgentResource resource = resources.at(id);
            if (state(agent).isEmpty(id)) {
                continue;
            }
            giveUpWhatIsNotGranted(agent, its, resource);
            if (resource.index() == AgentResource.NOT_THERE) {
                state(agent).clear(id);
            } else if (!resource.isVisible()) {
                release(agent, resource);
            }
        }
        endWhatIsNotGranted(agent, its);
    }

    /** Each aspect by itself: who may not switch any more may still set rates, and its wish counts. */
    private void giveUpWhatIsNotGranted(Agent agent, ResourceKind its, AgentResource resource) {
        boolean isSaid = false;
        for (Aspect aspect : ASPECTS) {
            if (resource.isGranted(aspect) || (state(agent).flags(resource.id()) & heldBy(aspect)) == 0) {
                continue;
            }
            if (!isSaid) {
                isSaid = true;
                LOG.log(
                        System.Logger.Level.INFO,
                        "agent " + agent.name() + ": what it holds of " + its.label() + " " + resource.name()
                                + " is given up: the service file does not let it any more");
            }
            if (resource.isVisible()) {
                release(agent, resource, aspect);
            }
        }
    }

    /** Asynchronous commands about what the agent may not ask for any more end as if they were asked for now. */
    private void endWhatIsNotGranted(Agent agent, ResourceKind its) {
        AgentState state = agent.state();
        for (int slot = 0; slot < AgentState.MAX_PENDING; slot++) {
            int header = state.pendingHeader(slot);
            Message message = table.command(Header.messageId(header));
            if (state.isFree(slot) || Header.protocolId(header) != id().id() || message == null) {
                continue;
            }
            AgentResource resource = pendingResource(agent, slot);
            if (!resource.isGranted(message)) {
                agent.report("what it asked of " + its.label() + " " + resource.name()
                        + " is refused now: the service file does not let it any more");
                agent.end(slot, resource.isVisible() ? Status.Code.DENIED : Status.Code.NOT_FOUND);
            }
        }
    }

    @Override
    public int carryOut(Agent agent, int slot) {
        throw new IllegalStateException(id() + " has no asynchronous commands");
    }

    @Override
    public boolean hasDelayedResponse(int flags) {
        return true;
    }

    @Override
    public int renderDelayed(Agent agent, int slot, MessageBuffer into) {
        throw new IllegalStateException(id() + " has no delayed responses");
    }

    @Override
    public int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
        throw new IllegalStateException(id() + " has no notifications");
    }

    // ---- What subclasses use.

    /** The agent's resources of this protocol. */
    public final ResourceView view(Agent agent) {
        ResourceKind its = kind;
        if (its == null) {
            throw new IllegalStateException(id() + " has no resources");
        }
        return agent.view(its);
    }

    /** What is remembered of the agent's resources. */
    public final ResourceState state(Agent agent) {
        return agent.state().of(id());
    }

    /** Who holds what of the resources. */
    public final Holders holders() {
        return holders;
    }

    /** Has the holders be what an agent's state says, from now on. */
    final void follow(Agent agent) {
        holders.forget(agent.place());
        ResourceKind its = kind;
        if (its != null && section() != null) {
            ResourceView resources = agent.view(its);
            state(agent).listen((id, before, after) -> {
                int index = resources.at(id).index();
                if (index != AgentResource.NOT_THERE) {
                    holders.changed(agent.place(), index, before, after);
                }
            });
        }
    }

    /** The resource that a slot of asynchronous commands is about. */
    protected final AgentResource pendingResource(Agent agent, int slot) {
        return view(agent).at(agent.state().pendingResource(slot));
    }

    /** The version that an agent speaks: the one it negotiated, else the newest. */
    public final int versionFor(Agent agent) {
        int negotiated = agent.state().negotiated(id().id());
        return negotiated == 0 ? newest : negotiated;
    }

    /** Whether an agent speaks at least this version. */
    protected final boolean speaks(Agent agent, int version) {
        return ProtocolVersion.isAtLeast(versionFor(agent), version);
    }

    /** Handles any *_NAME_GET. */
    protected final int nameGet(Call call) {
        String name = call.resource().name();
        if (!Names.needsExtended(name)) {
            return Status.Code.NOT_SUPPORTED;
        }
        nameReply.begin(call.reply(), call.header()).name(name);
        return call.succeed(nameReply.messageLength());
    }

    /**
     * Handles a command that switches notifications of a resource: its id, then notify_enable.
     *
     * @param flag the subscription in the resource's flags
     */
    protected final int subscribe(Call call, int flag) {
        int enable = call.request().getU32(Header.REQUEST_PAYLOAD + Integer.BYTES);
        state(call.agent()).set(flag, call.resource().id(), NotifyEnable.isEnabled(enable));
        return Status.Code.SUCCESS;
    }

    /**
     * Tells everybody who subscribed, the agent that acts among them: its reply says nothing of what else has changed, and
     * what it asked for and what came of it may differ.
     *
     * @param kind the notification's message id
     * @param isState whether a later one of the same resource says all that this one says
     * @param flag the subscription in the resource's flags
     * @param index the resource's position on the board
     * @param first a number for {@link #render}
     * @param second another one
     */
    protected final void tellSubscribers(int kind, boolean isState, int flag, int index, long first, long second) {
        Agent causer = agents.acting();
        for (int place = holders.next(flag, index, 0);
                place != Holders.NOBODY;
                place = holders.next(flag, index, place + 1)) {
            Agent agent = agents.get(place);
            AgentResource its = view(agent).of(index);
            if (its != null && its.mayBeNotified()) {
                tell(agent, kind, isState, its.id(), causer == null ? Agents.PLATFORM : causer.id(), first, second);
            }
        }
    }

    /** Queues a notification to one agent. */
    protected final void tell(
            Agent agent, int kind, boolean isState, int resource, int causer, long first, long second) {
        if (!agent.notifications().add(this, kind, isState, resource, causer, first, second)) {
            agent.metrics().count(EventCount.NOTIFICATION_DROPPED);
        }
        agent.flushSoon();
    }

    /**
     * Accepts an asynchronous command: begun by {@link #carryOut} after this reply was published.
     *
     * @param wanted a number for {@link #carryOut}
     */
    protected final int acceptAsync(Call call, int flags, long wanted) {
        Agent agent = call.agent();
        AgentState state = agent.state();
        int resource = call.resource().id();
        // A service that was killed after it had accepted a command, but before the ring said so, gets it again.
        if (agent.isResuming() && state.isAccepted(call.header(), resource, flags, wanted)) {
            return Status.Code.SUCCESS;
        }
        return state.accept(call.header(), resource, flags, wanted) ? Status.Code.SUCCESS : Status.Code.BUSY;
    }

    // ---- Commands.

    /** Runs one command; its values and its effects are the handler's affair, all that is common is checked here. */
    public final int execute(Call call) {
        Agent agent = call.agent();
        if (agent.isDenied(id())) {
            return Status.Code.DENIED;
        }
        int version = versionFor(agent);
        Command command = find(Header.messageId(call.header()), version);
        if (command == null) {
            return Status.Code.NOT_FOUND;
        }
        Message message = command.message;
        if (!message.acceptsRequest(call.payloadLength(), version)) {
            return Status.Code.PROTOCOL_ERROR;
        }
        AgentResource resource = null;
        if (command.resourceOffset != Layout.NO_RESOURCE) {
            resource = view(agent).visible(call.request().getU32(Header.REQUEST_PAYLOAD + command.resourceOffset));
            if (resource == null) {
                return Status.Code.NOT_FOUND;
            }
            if (!resource.permits(message)) {
                return Status.Code.DENIED;
            }
        }
        if (message.fromAgent().setsReservedBits(call.request(), Header.REQUEST_PAYLOAD, version)) {
            return Status.Code.INVALID_PARAMETERS;
        }
        if (command.needsEvents() && !agent.hasEvents()) {
            return Status.Code.NOT_SUPPORTED;
        }
        int fixedLength =
                Header.RESPONSE_PAYLOAD + message.description().fromPlatform().length(version);
        call.prepareReply(fixedLength, version, resource);
        Agent before = agents.act(agent);
        try {
            return command.handler.handle(call);
        } finally {
            agents.act(before);
        }
    }

    private @Nullable Command find(int messageId, int version) {
        if (messageId < 0 || messageId >= commands.length) {
            return null;
        }
        Command command = commands[messageId];
        // An agent that chose an old version may still choose again.
        return command != null && (messageId == NEGOTIATE || command.message.isIn(version)) ? command : null;
    }

    private int protocolVersion(Call call) {
        versionReply.begin(call.reply(), call.header()).version(newest);
        return call.succeed(versionReply.messageLength());
    }

    private int messageAttributes(Call call) {
        int messageId = attributesRequest.wrap(call.request()).messageId();
        Command command = find(messageId, call.version());
        if (command == null || (command.needsEvents() && !call.agent().hasEvents())) {
            return Status.Code.NOT_FOUND;
        }
        attributesReply.begin(call.reply(), call.header()).attributes(attributesOf(call.agent(), command.message));
        return call.succeed(attributesReply.messageLength());
    }

    private int negotiate(Call call) {
        int version = negotiateRequest.wrap(call.request()).version();
        if (!id().hasVersion(version) || !ProtocolVersion.isAtLeast(newest, version)) {
            return Status.Code.NOT_SUPPORTED;
        }
        call.agent().state().negotiate(id().id(), version);
        return Status.Code.SUCCESS;
    }

    private Message message(int id) {
        Message message = table.command(id);
        if (message == null) {
            throw new IllegalArgumentException(table.protocol() + " has no command " + id);
        }
        return message;
    }
}
