// What all protocols have in common: their table of commands, the checks in front of them, and the way of events.
package org.scmid.server.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
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
import org.scmid.server.core.AgentMetrics.EventCount;

/**
 * One protocol: which of its messages are implemented, and how. A subclass binds each message of its table to a handler,
 * in its constructor; dispatch and PROTOCOL_MESSAGE_ATTRIBUTES follow from these bindings, so they cannot disagree.
 *
 * <p>What the table says is checked here, before the handler runs, in this order: the message is in the version that
 * the agent speaks (NOT_FOUND), its length (PROTOCOL_ERROR), the resource that it names (NOT_FOUND), the agent's
 * permission (DENIED), a platform-to-agent channel if it is about events (NOT_SUPPORTED). Handlers go on: whether the
 * resource has the feature (NOT_SUPPORTED), reserved bits and values (INVALID_PARAMETERS), ranges (OUT_OF_RANGE).
 */
abstract class Protocol {
    /** The ids that are the same in every protocol. */
    private static final int PROTOCOL_VERSION = 0x0;

    private static final int MESSAGE_ATTRIBUTES = 0x2;
    private static final int NEGOTIATE = 0x10;

    /** What {@link #carryOut} returns when the end comes later, by {@link #finish}. */
    static final int NOT_YET = Call.DEFERRED;

    private final MessageTable<?> table;
    private final int newest;
    private final @Nullable ResourceKind kind;
    private final Agents agents;
    private final @Nullable Command[] commands;

    private final ProtocolVersionGet.Reply versionReply = new ProtocolVersionGet.Reply();
    private final ProtocolMessageAttributes.Request attributesRequest;
    private final ProtocolMessageAttributes.Reply attributesReply = new ProtocolMessageAttributes.Reply();
    private final NegotiateProtocolVersion.Request negotiateRequest;
    private final NameReply nameReply = new NameReply();

    /** Carries out a command: checks its values, acts, writes the reply. */
    @FunctionalInterface
    interface Handler {
        /**
         * @return the status; SUCCESS through {@link Call#succeed} if there is more to the reply than a status; {@link
         *     Call#DEFERRED} after {@link Call#defer} if the reply comes later
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
     * @param agents all agents
     */
    Protocol(MessageTable<?> table, int newest, @Nullable ResourceKind kind, Agents agents) {
        this.table = table;
        this.newest = newest;
        this.kind = kind;
        this.agents = agents;
        this.commands = new Command[table.commandLimit()];
        this.attributesRequest = new ProtocolMessageAttributes.Request(message(MESSAGE_ATTRIBUTES));
        this.negotiateRequest = new NegotiateProtocolVersion.Request(message(NEGOTIATE));
        on(message(PROTOCOL_VERSION), this::protocolVersion);
        on(message(MESSAGE_ATTRIBUTES), this::messageAttributes);
        on(message(NEGOTIATE), this::negotiate);
    }

    /** Binds a command to what carries it out. */
    final void on(Message command, Handler handler) {
        int offset = command.description().fromAgent().resourceOffset();
        if (offset != Layout.NO_RESOURCE && kind == null) {
            throw new IllegalArgumentException(command.name() + " names a resource, but the protocol has none");
        }
        commands[command.id()] = new Command(command, handler, offset);
    }

    final ProtocolId id() {
        return table.protocol();
    }

    /** What the protocol is about; null if it has no resources. */
    final @Nullable ResourceKind kind() {
        return kind;
    }

    final MessageTable<?> table() {
        return table;
    }

    /** The version that is spoken unless an agent negotiates an older one. */
    final int newest() {
        return newest;
    }

    /** All agents, and who acts. */
    final Agents agents() {
        return agents;
    }

    /** Whether a message is bound to a handler. */
    final boolean implementsCommand(Message command) {
        return commands[command.id()] != null;
    }

    // ---- What a subclass says of itself.

    /** Whether an agent has anything of this protocol. */
    boolean isOfferedTo(Agent agent) {
        return view(agent).size() > 0;
    }

    /** What is remembered for an agent with so many resources; null if nothing. */
    AgentState.@Nullable Section section(int resources) {
        return null;
    }

    /** What PROTOCOL_MESSAGE_ATTRIBUTES answers for a command that is implemented. */
    int attributesOf(Agent agent, Message command) {
        return 0;
    }

    /** Gives up what the agent holds and asked for: votes, subscriptions, wishes. Asynchronous commands are gone by then. */
    abstract void release(Agent agent);

    /**
     * After a start: has the hardware's side count what an earlier process of this service left in the agent's state.
     * Nothing is written that hardware says already.
     *
     * @param apply whether to do again what hardware does not show: for simulated registers, which ended with that
     *     process. Real ones are the truth
     */
    void restore(Agent agent, boolean apply) {}

    /**
     * Begins an asynchronous command whose acceptance the agent has been told.
     *
     * @param slot where it is in the agent's state
     * @return its status, with {@link #result} asked for next; or {@link #NOT_YET}, and {@link #finish} is called later
     */
    int carryOut(Agent agent, int slot) {
        throw new IllegalStateException(id() + " has no asynchronous commands");
    }

    /** What an asynchronous command has reached that ended at once, for its delayed response. */
    long result(Agent agent, int slot) {
        return 0;
    }

    /** Whether an asynchronous command has a delayed response. */
    boolean hasDelayedResponse(int flags) {
        return true;
    }

    /**
     * Writes the delayed response of a command that ended well.
     *
     * @return its length, header included
     */
    int renderDelayed(Agent agent, int slot, MessageBuffer into) {
        throw new IllegalStateException(id() + " has no delayed responses");
    }

    /**
     * Writes a notification that was queued.
     *
     * @return its length, header included; 0 if the agent does not want it any more
     */
    int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
        throw new IllegalStateException(id() + " has no notifications");
    }

    // ---- What subclasses use.

    /** The agent's resources of this protocol. */
    final ResourceView view(Agent agent) {
        ResourceKind its = kind;
        if (its == null) {
            throw new IllegalStateException(id() + " has no resources");
        }
        return agent.view(its);
    }

    /** What is remembered of the agent's resources. */
    final ResourceState state(Agent agent) {
        return agent.state().of(id());
    }

    /** The version that an agent speaks: the one it negotiated, else the newest. */
    final int versionFor(Agent agent) {
        int negotiated = agent.state().negotiated(id().id());
        return negotiated == 0 ? newest : negotiated;
    }

    /** Whether an agent speaks at least this version. */
    final boolean speaks(Agent agent, int version) {
        return ProtocolVersion.isAtLeast(versionFor(agent), version);
    }

    /** Handles any *_NAME_GET. */
    final int nameGet(Call call) {
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
    final int subscribe(Call call, int flag) {
        int enable = call.request().getU32(Header.REQUEST_PAYLOAD + Integer.BYTES);
        if (!isNotifyEnable(enable)) {
            return Status.Code.INVALID_PARAMETERS;
        }
        state(call.agent()).set(flag, call.resource().id(), NotifyEnable.isEnabled(enable));
        return Status.Code.SUCCESS;
    }

    /** Whether a notify_enable word sets none of its reserved bits. */
    static boolean isNotifyEnable(int word) {
        return (word & NotifyEnable.RESERVED) == 0;
    }

    /**
     * Tells everybody who subscribed, but the agent that acts.
     *
     * @param kind the notification's message id
     * @param isState whether a later one of the same resource says all that this one says
     * @param flag the subscription in the resource's flags
     * @param index the resource's position on the board
     * @param first a number for {@link #render}
     * @param second another one
     */
    final void tellOthers(int kind, boolean isState, int flag, int index, long first, long second) {
        Agent causer = agents.acting();
        for (int i = 0; i < agents.count(); i++) {
            Agent agent = agents.get(i);
            if (agent == causer) {
                continue;
            }
            AgentResource its = view(agent).of(index);
            if (its != null && its.mayBeNotified() && state(agent).is(flag, its.id())) {
                tell(agent, kind, isState, its.id(), causer == null ? Agents.PLATFORM : causer.id(), first, second);
            }
        }
    }

    /** Queues a notification to one agent. */
    final void tell(Agent agent, int kind, boolean isState, int resource, int causer, long first, long second) {
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
    final int acceptAsync(Call call, int flags, long wanted) {
        Agent agent = call.agent();
        AgentState state = agent.state();
        int resource = call.resource().id();
        // A service that was killed after it had accepted a command, but before the ring said so, gets it again.
        if (agent.isResuming() && state.isAccepted(call.header(), resource, flags, wanted)) {
            return Status.Code.SUCCESS;
        }
        return state.accept(call.header(), resource, flags, wanted) ? Status.Code.SUCCESS : Status.Code.BUSY;
    }

    /**
     * Ends an asynchronous command that took time.
     *
     * @param sequence of the slot when it was begun; does nothing if that command is not wanted any more
     * @param result what was reached
     */
    final void finish(Agent agent, int sequence, int status, long result) {
        int slot = agent.state().begun(sequence);
        if (slot != AgentState.NONE) {
            agent.finished(slot, this, status, result);
            agent.flushSoon();
        }
    }

    // ---- Commands.

    /** Runs one command; its values and its effects are the handler's affair, all that is common is checked here. */
    final int execute(Call call) {
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
            if (!resource.permits(message.tier())) {
                return Status.Code.DENIED;
            }
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

    /** What each of several protocols remembers for an agent, by ascending protocol id. */
    static List<AgentState.Section> sections(List<Protocol> protocols, ResourceViews views) {
        return protocols.stream()
                .map(protocol -> protocol.section(
                        protocol.kind == null ? 0 : views.of(protocol.kind).size()))
                .filter(section -> section != null && section.entries() > 0)
                .map(java.util.Objects::requireNonNull)
                .toList();
    }
}
