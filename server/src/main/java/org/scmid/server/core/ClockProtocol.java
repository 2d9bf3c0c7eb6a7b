// The Clock protocol: what an agent may ask of its clocks, and what it is told of them.
package org.scmid.server.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.clock.Outcome;
import org.scmid.platform.clock.RateDescription;
import org.scmid.platform.clock.Rounding;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.StatusReply;
import org.scmid.protocol.clock.ClockAttributes;
import org.scmid.protocol.clock.ClockConfigGet;
import org.scmid.protocol.clock.ClockConfigSet;
import org.scmid.protocol.clock.ClockDescribeRates;
import org.scmid.protocol.clock.ClockGetPermissions;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.clock.ClockNameGet;
import org.scmid.protocol.clock.ClockParentGet;
import org.scmid.protocol.clock.ClockParentSet;
import org.scmid.protocol.clock.ClockPossibleParentsGet;
import org.scmid.protocol.clock.ClockProtocolAttributes;
import org.scmid.protocol.clock.ClockRateChangeRequestedNotify;
import org.scmid.protocol.clock.ClockRateGet;
import org.scmid.protocol.clock.ClockRateNotify;
import org.scmid.protocol.clock.ClockRateSet;
import org.scmid.protocol.clock.ClockVersion;
import org.scmid.protocol.clock.ExtendedConfig;
import org.scmid.protocol.common.NameReply;
import org.scmid.protocol.common.NotifyEnable;
import org.scmid.server.core.AgentMetrics.EventCount;
import org.scmid.transport.EventSink;

/**
 * The Clock protocol 3.0, and 2.0 and 1.0 for agents that negotiate them (DEN0056, "Clock management protocol").
 *
 * <p>Every handler checks in the same order: the clock (NOT_FOUND), the agent's permission (DENIED), whether the feature
 * is there (NOT_SUPPORTED), reserved bits and values (INVALID_PARAMETERS), ranges (OUT_OF_RANGE).
 *
 * <p>Enabling is a vote, one for each agent and clock. A clock runs while anybody votes for it; taking back a vote
 * succeeds also when others keep the clock running, and CONFIG_GET shows what the hardware does.
 */
final class ClockProtocol extends Protocol {
    private final ClockTree tree;
    private final List<Agent> agents;

    /** Who causes the change that is being made, null for the platform; and of which clock. */
    private @Nullable Agent causer;

    private @Nullable Clock requested;
    private long requestedRate;

    private final ClockProtocolAttributes.Reply attributesReply = new ClockProtocolAttributes.Reply();
    private final ClockAttributes.Request clockRequest = new ClockAttributes.Request();
    private final ClockAttributes.Reply clockReply = new ClockAttributes.Reply();
    private final ClockDescribeRates.Request describeRequest = new ClockDescribeRates.Request();
    private final ClockDescribeRates.Reply describeReply = new ClockDescribeRates.Reply();
    private final ClockRateSet.Request rateSetRequest = new ClockRateSet.Request();
    private final ClockRateSet.Delayed rateSetDelayed = new ClockRateSet.Delayed();
    private final ClockRateGet.Request rateGetRequest = new ClockRateGet.Request();
    private final ClockRateGet.Reply rateGetReply = new ClockRateGet.Reply();
    private final ClockConfigSet.Request configSetRequest = new ClockConfigSet.Request();
    private final ClockConfigGet.Request configGetRequest = new ClockConfigGet.Request();
    private final ClockConfigGet.Reply configGetReply = new ClockConfigGet.Reply();
    private final ClockNameGet.Request nameRequest = new ClockNameGet.Request();
    private final NameReply nameReply = new NameReply();
    private final ClockRateNotify.Request rateNotifyRequest = new ClockRateNotify.Request();
    private final ClockRateNotify.Event rateChangedEvent = new ClockRateNotify.Event();
    private final ClockRateChangeRequestedNotify.Request requestedNotifyRequest =
            new ClockRateChangeRequestedNotify.Request();
    private final ClockRateChangeRequestedNotify.Event requestedEvent = new ClockRateChangeRequestedNotify.Event();
    private final ClockPossibleParentsGet.Request parentsRequest = new ClockPossibleParentsGet.Request();
    private final ClockPossibleParentsGet.Reply parentsReply = new ClockPossibleParentsGet.Reply();
    private final ClockParentSet.Request parentSetRequest = new ClockParentSet.Request();
    private final ClockParentGet.Request parentGetRequest = new ClockParentGet.Request();
    private final ClockParentGet.Reply parentGetReply = new ClockParentGet.Reply();
    private final ClockGetPermissions.Request permissionsRequest = new ClockGetPermissions.Request();
    private final ClockGetPermissions.Reply permissionsReply = new ClockGetPermissions.Reply();
    private final MessageBuffer event = new MessageBuffer(EVENT_BYTES);

    private static final int EVENT_BYTES = 32;

    /**
     * @param tree the clocks; this protocol is its rate listener from now on
     * @param agents all agents, that with id 1 first; may still grow while the service is put together
     */
    ClockProtocol(ClockTree tree, List<Agent> agents) {
        super(ClockMessage.TABLE, ClockVersion.V3_0);
        this.tree = tree;
        this.agents = agents;
        tree.setListener(this::rateChanged);
        on(ClockMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(ClockMessage.CLOCK_ATTRIBUTES, this::clockAttributes);
        on(ClockMessage.CLOCK_DESCRIBE_RATES, this::describeRates);
        on(ClockMessage.CLOCK_RATE_SET, this::rateSet);
        on(ClockMessage.CLOCK_RATE_GET, this::rateGet);
        on(ClockMessage.CLOCK_CONFIG_SET, this::configSet);
        on(ClockMessage.CLOCK_NAME_GET, this::nameGet);
        onWithEvents(ClockMessage.CLOCK_RATE_NOTIFY, this::rateNotify);
        onWithEvents(ClockMessage.CLOCK_RATE_CHANGE_REQUESTED_NOTIFY, this::rateChangeRequestedNotify);
        on(ClockMessage.CLOCK_CONFIG_GET, this::configGet);
        on(ClockMessage.CLOCK_POSSIBLE_PARENTS_GET, this::possibleParentsGet);
        on(ClockMessage.CLOCK_PARENT_SET, this::parentSet);
        on(ClockMessage.CLOCK_PARENT_GET, this::parentGet);
        on(ClockMessage.CLOCK_GET_PERMISSIONS, this::getPermissions);
    }

    @Override
    boolean isOfferedTo(Agent agent) {
        return agent.clocks().size() > 0;
    }

    // ---- What there is.

    private int attributes(Call call) {
        Agent agent = call.agent();
        int maxPending = agent.hasEvents() ? AgentState.MAX_PENDING : 0;
        attributesReply.begin(call.reply(), call.header()).counts(agent.clocks().size(), maxPending);
        return call.succeed(attributesReply.messageLength());
    }

    private int clockAttributes(Call call) {
        AgentClock clock =
                call.agent().clocks().visible(clockRequest.wrap(call.request()).clock());
        if (clock == null) {
            return Status.Code.NOT_FOUND;
        }
        clockReply
                .begin(call.reply(), call.header())
                .attributes(attributesOf(call.agent(), clock), call.version())
                .name(clock.clock().name());
        if (ProtocolVersion.isAtLeast(call.version(), ClockVersion.V2_0)) {
            clockReply.enableDelay((int) Math.min(clock.clock().enableDelayMicros(), 0xFFFF_FFFFL));
        }
        return call.succeed(clockReply.messageLength(call.version()));
    }

    private static int attributesOf(Agent agent, AgentClock clock) {
        int attributes = clock.clock().enabled() ? ClockAttributes.Reply.ENABLED : 0;
        if (!clock.mayBeControlled()) {
            attributes |= ClockAttributes.Reply.RESTRICTED;
        }
        if (agent.clocks().visibleParents(clock).length > 0) {
            attributes |= ClockAttributes.Reply.PARENTS;
        }
        if (Names.needsExtended(clock.clock().name())) {
            attributes |= ClockAttributes.Reply.EXTENDED_NAME;
        }
        if (agent.hasEvents() && clock.mayBeNotified()) {
            attributes |=
                    ClockAttributes.Reply.RATE_CHANGED_NOTIFY | ClockAttributes.Reply.RATE_CHANGE_REQUESTED_NOTIFY;
        }
        return attributes;
    }

    private int nameGet(Call call) {
        AgentClock clock =
                call.agent().clocks().visible(nameRequest.wrap(call.request()).clock());
        if (clock == null) {
            return Status.Code.NOT_FOUND;
        }
        if (!Names.needsExtended(clock.clock().name())) {
            return Status.Code.NOT_SUPPORTED;
        }
        nameReply.begin(call.reply(), call.header()).name(clock.clock().name());
        return call.succeed(nameReply.messageLength());
    }

    private int getPermissions(Call call) {
        AgentClock clock = call.agent()
                .clocks()
                .visible(permissionsRequest.wrap(call.request()).clock());
        if (clock == null) {
            return Status.Code.NOT_FOUND;
        }
        int all = ClockGetPermissions.Reply.STATE | ClockGetPermissions.Reply.PARENT | ClockGetPermissions.Reply.RATE;
        permissionsReply.begin(call.reply(), call.header()).permissions(clock.mayBeControlled() ? all : 0);
        return call.succeed(permissionsReply.messageLength());
    }

    // ---- Rates.

    private int describeRates(Call call) {
        describeRequest.wrap(call.request());
        AgentClock clock = call.agent().clocks().visible(describeRequest.clock());
        if (clock == null) {
            return Status.Code.NOT_FOUND;
        }
        RateDescription rates = tree.describe(clock.clock());
        int index = describeRequest.rateIndex();
        return rates.isRange() ? describeRange(call, rates, index) : describeList(call, rates, index);
    }

    private int describeRange(Call call, RateDescription rates, int index) {
        if (index != 0) {
            return Status.Code.OUT_OF_RANGE;
        }
        if (ClockDescribeRates.Reply.capacity(call.capacity()) < ClockDescribeRates.Reply.RANGE_VALUES) {
            return Status.Code.PROTOCOL_ERROR; // half a range says nothing
        }
        describeReply.begin(call.reply(), call.header()).range(rates.rate(0), rates.rate(1), rates.rate(2));
        return call.succeed(describeReply.messageLength());
    }

    private int describeList(Call call, RateDescription rates, int index) {
        int total = rates.count();
        // Index 0 of no rates is no mistake: the agent cannot know before.
        if (index != 0 && Integer.compareUnsigned(index, total) >= 0) {
            return Status.Code.OUT_OF_RANGE;
        }
        int returned = Math.min(total - index, ClockDescribeRates.Reply.capacity(call.capacity()));
        if (returned == 0 && total > 0) {
            return Status.Code.PROTOCOL_ERROR;
        }
        describeReply.begin(call.reply(), call.header()).list(returned, total - index - returned);
        for (int i = 0; i < returned; i++) {
            describeReply.rate(i, rates.rate(index + i));
        }
        return call.succeed(describeReply.messageLength());
    }

    private int rateGet(Call call) {
        AgentClock clock = call.agent()
                .clocks()
                .visible(rateGetRequest.wrap(call.request()).clock());
        if (clock == null) {
            return Status.Code.NOT_FOUND;
        }
        rateGetReply.begin(call.reply(), call.header()).rate(clock.clock().rate());
        return call.succeed(rateGetReply.messageLength());
    }

    private int rateSet(Call call) {
        Agent agent = call.agent();
        rateSetRequest.wrap(call.request());
        AgentClock clock = agent.clocks().visible(rateSetRequest.clock());
        if (clock == null) {
            return Status.Code.NOT_FOUND;
        }
        if (!clock.mayBeControlled()) {
            return Status.Code.DENIED;
        }
        int flags = rateSetRequest.flags();
        boolean isAsync = (flags & ClockRateSet.Request.FLAG_ASYNC) != 0;
        if (isAsync && !agent.hasEvents()) {
            return Status.Code.NOT_SUPPORTED;
        }
        if ((flags & ClockRateSet.Request.FLAGS_RESERVED) != 0) {
            return Status.Code.INVALID_PARAMETERS;
        }
        if (!isAsync) {
            return setRate(agent, clock, rateSetRequest.rate(), flags);
        }
        return acceptRateSet(call, clock.id(), flags, rateSetRequest.rate());
    }

    /** Accepts an asynchronous command: carried out in {@link #flush}, after this reply was published. */
    private static int acceptRateSet(Call call, int clock, int flags, long rate) {
        Agent agent = call.agent();
        // A service that was killed after it had accepted a command, but before the ring said so, gets it again.
        if (agent.isResuming() && agent.state().isAccepted(call.header(), clock, flags, rate)) {
            return Status.Code.SUCCESS;
        }
        return agent.state().accept(call.header(), clock, flags, rate) ? Status.Code.SUCCESS : Status.Code.BUSY;
    }

    private int setRate(Agent agent, AgentClock clock, long rate, int flags) {
        requested = clock.clock();
        requestedRate = rate;
        causer = agent;
        try {
            Outcome outcome = tree.setRate(clock.clock(), rate, roundingOf(flags));
            if (outcome != Outcome.OK) {
                return Status.Code.INVALID_PARAMETERS;
            }
            tellRequest();
            return Status.Code.SUCCESS;
        } finally {
            causer = null;
            requested = null;
        }
    }

    private static Rounding roundingOf(int flags) {
        if ((flags & ClockRateSet.Request.FLAG_ROUND_NEAREST) != 0) {
            return Rounding.NEAREST;
        }
        return (flags & ClockRateSet.Request.FLAG_ROUND_UP) != 0 ? Rounding.UP : Rounding.DOWN;
    }

    // ---- Parents.

    private int possibleParentsGet(Call call) {
        parentsRequest.wrap(call.request());
        AgentClock clock = call.agent().clocks().visible(parentsRequest.clock());
        if (clock == null) {
            return Status.Code.NOT_FOUND;
        }
        int[] parents = call.agent().clocks().visibleParents(clock);
        if (parents.length == 0) {
            return Status.Code.NOT_SUPPORTED;
        }
        int skip = parentsRequest.skipParents();
        if (Integer.compareUnsigned(skip, parents.length) >= 0) {
            return Status.Code.OUT_OF_RANGE;
        }
        // The count of those that remain has eight bits too; an agent that skips on its own gets the others all the
        // same.
        int returned = Math.min(parents.length - skip, ClockPossibleParentsGet.Reply.capacity(call.capacity()));
        if (returned == 0) {
            return Status.Code.PROTOCOL_ERROR;
        }
        int remaining = Math.min(parents.length - skip - returned, ClockPossibleParentsGet.Reply.MAX_COUNT);
        parentsReply.begin(call.reply(), call.header()).list(returned, remaining);
        for (int i = 0; i < returned; i++) {
            parentsReply.parent(i, parents[skip + i]);
        }
        return call.succeed(parentsReply.messageLength());
    }

    /** A parent that the agent does not see is DENIED: it is there, but to name it would be to show it. */
    private int parentGet(Call call) {
        ClockView clocks = call.agent().clocks();
        AgentClock clock = clocks.visible(parentGetRequest.wrap(call.request()).clock());
        if (clock == null) {
            return Status.Code.NOT_FOUND;
        }
        if (clocks.visibleParents(clock).length == 0) {
            return Status.Code.NOT_SUPPORTED;
        }
        Clock parent = clock.clock().parent();
        if (parent == null) {
            return Status.Code.GENERIC_ERROR; // the multiplexer's register selects nothing that the board file knows
        }
        AgentClock visibleParent = clocks.of(parent);
        if (visibleParent == null) {
            return Status.Code.DENIED;
        }
        parentGetReply.begin(call.reply(), call.header()).parent(visibleParent.id());
        return call.succeed(parentGetReply.messageLength());
    }

    private int parentSet(Call call) {
        ClockView clocks = call.agent().clocks();
        parentSetRequest.wrap(call.request());
        AgentClock clock = clocks.visible(parentSetRequest.clock());
        AgentClock parent = clocks.visible(parentSetRequest.parent());
        if (clock == null) {
            return Status.Code.NOT_FOUND;
        }
        if (!clock.mayBeControlled()) {
            return Status.Code.DENIED;
        }
        if (clocks.visibleParents(clock).length == 0) {
            return Status.Code.NOT_SUPPORTED;
        }
        if (parent == null) {
            return Status.Code.NOT_FOUND;
        }
        causer = call.agent();
        try {
            return switch (tree.setParent(clock.clock(), parent.clock())) {
                case OK -> Status.Code.SUCCESS;
                case OUT_OF_LIMITS -> Status.Code.OUT_OF_RANGE;
                case NOT_A_PARENT, UNSUPPORTED_RATE -> Status.Code.INVALID_PARAMETERS;
            };
        } finally {
            causer = null;
        }
    }

    // ---- On and off.

    private int configGet(Call call) {
        configGetRequest.wrap(call.request());
        AgentClock clock = call.agent().clocks().visible(configGetRequest.clock());
        if (clock == null) {
            return Status.Code.NOT_FOUND;
        }
        // No clock here has a duty cycle, a phase or anything else that extends its configuration.
        if ((configGetRequest.flags() & ClockConfigGet.Request.FLAGS_RESERVED) != 0
                || configGetRequest.extendedType() != ExtendedConfig.NONE) {
            return Status.Code.INVALID_PARAMETERS;
        }
        configGetReply.begin(call.reply(), call.header()).config(clock.clock().enabled(), 0);
        return call.succeed(configGetReply.messageLength());
    }

    private int configSet(Call call) {
        configSetRequest.wrap(call.request());
        boolean mayExtend = ProtocolVersion.isAtLeast(call.version(), ClockVersion.V3_0);
        if (mayExtend
                && configSetRequest.extendedType() != ExtendedConfig.NONE
                && !configSetRequest.hasExtendedValue()) {
            return Status.Code.PROTOCOL_ERROR;
        }
        AgentClock clock = call.agent().clocks().visible(configSetRequest.clock());
        if (clock == null) {
            return Status.Code.NOT_FOUND;
        }
        if (!clock.mayBeControlled()) {
            return Status.Code.DENIED;
        }
        int reserved = ClockConfigSet.Request.reservedAttributes(call.version());
        if ((configSetRequest.attributes() & reserved) != 0
                || (mayExtend && configSetRequest.extendedType() != ExtendedConfig.NONE)) {
            return Status.Code.INVALID_PARAMETERS;
        }
        switch (configSetRequest.state()) {
            case ClockConfigSet.Request.ENABLE -> enable(call.agent(), clock);
            case ClockConfigSet.Request.DISABLE -> disable(call.agent(), clock);
            default -> {
                return Status.Code.INVALID_PARAMETERS; // 2 is reserved, 3 needs an extended type
            }
        }
        return Status.Code.SUCCESS;
    }

    // In both, what is in between if the service is killed is "the clock runs and this agent does not vote", as after a
    // boot loader; the command was not answered then, and comes again.

    private void enable(Agent agent, AgentClock clock) {
        if (!clock.isCounted()) {
            tree.acquire(clock.clock());
            clock.setCounted(true);
        }
        agent.state().set(AgentState.VOTE, clock.id(), true);
    }

    private void disable(Agent agent, AgentClock clock) {
        agent.state().set(AgentState.VOTE, clock.id(), false);
        if (clock.isCounted()) {
            clock.setCounted(false);
            tree.release(clock.clock());
        } else if (clock.clock().users() == 0) {
            tree.release(clock.clock()); // left on since before us: off, unless a clock in use runs from it
        }
    }

    // ---- Notifications.

    private int rateNotify(Call call) {
        rateNotifyRequest.wrap(call.request());
        return subscribe(call, AgentState.RATE_CHANGED, rateNotifyRequest.clock(), rateNotifyRequest.notifyEnable());
    }

    private int rateChangeRequestedNotify(Call call) {
        requestedNotifyRequest.wrap(call.request());
        return subscribe(
                call,
                AgentState.RATE_CHANGE_REQUESTED,
                requestedNotifyRequest.clock(),
                requestedNotifyRequest.notifyEnable());
    }

    private static int subscribe(Call call, int bit, int clockId, int enable) {
        AgentClock clock = call.agent().clocks().visible(clockId);
        if (clock == null) {
            return Status.Code.NOT_FOUND;
        }
        if (!clock.mayBeNotified()) {
            return Status.Code.DENIED; // the clock could notify, but not this agent
        }
        if (!isNotifyEnable(enable)) {
            return Status.Code.INVALID_PARAMETERS;
        }
        call.agent().state().set(bit, clock.id(), NotifyEnable.isEnabled(enable));
        return Status.Code.SUCCESS;
    }

    /** The tree's listener: one clock has another rate. */
    private void rateChanged(Clock clock, long rate) {
        tellRequest();
        tell(NotificationQueue.Kind.RATE_CHANGED, AgentState.RATE_CHANGED, clock, rate);
    }

    /**
     * Tells of the request that is being carried out, once. A request is known to be valid only when the tree has taken
     * it; so this comes with its first effect, in front of it in every agent's queue.
     */
    private void tellRequest() {
        Clock clock = requested;
        if (clock != null) {
            requested = null;
            tell(NotificationQueue.Kind.RATE_CHANGE_REQUESTED, AgentState.RATE_CHANGE_REQUESTED, clock, requestedRate);
        }
    }

    private void tell(NotificationQueue.Kind kind, int subscription, Clock clock, long rate) {
        Agent from = causer;
        for (int i = 0; i < agents.size(); i++) {
            Agent agent = agents.get(i);
            if (agent == from) {
                continue;
            }
            AgentClock its = agent.clocks().of(clock);
            if (its != null && agent.state().is(subscription, its.id())) {
                if (!agent.clocks().notifications().add(kind, its.id(), from == null ? 0 : from.id(), rate)) {
                    agent.metrics().count(EventCount.NOTIFICATION_DROPPED);
                }
                agent.flushSoon();
            }
        }
    }

    // ---- After the reply.

    @Override
    void flush(Agent agent) {
        carryOut(agent);
        EventSink events = agent.events();
        if (events != null && sendDelayedResponses(agent, events)) {
            sendNotifications(agent, events);
        }
    }

    private void carryOut(Agent agent) {
        AgentState state = agent.state();
        for (int slot = state.oldestAccepted(); slot != AgentState.NONE; slot = state.oldestAccepted()) {
            AgentClock clock = agent.clocks().at(state.pendingClock(slot));
            int flags = state.pendingFlags(slot);
            int status = carryOut(agent, clock, state.pendingRate(slot), flags);
            if ((flags & ClockRateSet.Request.FLAG_NO_DELAYED_RESPONSE) != 0) {
                state.free(slot);
            } else {
                state.carriedOut(slot, status, clock.clock().rate());
            }
        }
    }

    /** A failure must reach the agent as a delayed response, not end the flush: the command would be tried for ever. */
    private int carryOut(Agent agent, AgentClock clock, long rate, int flags) {
        try {
            int status = setRate(agent, clock, rate, flags);
            Mapping.raiseFault(); // see Dispatcher.execute
            return status;
        } catch (RuntimeException | InternalError failure) {
            System.getLogger(ClockProtocol.class.getName())
                    .log(System.Logger.Level.ERROR, "agent " + agent.name() + ": setting " + clock.clock(), failure);
            return Status.Code.HARDWARE_ERROR;
        }
    }

    /** @return whether all could be sent */
    private boolean sendDelayedResponses(Agent agent, EventSink events) {
        AgentState state = agent.state();
        for (int slot = state.oldestDone(); slot != AgentState.NONE; slot = state.oldestDone()) {
            EventSink.Result result = events.offer(event.array(), delayedResponse(state, slot));
            if (result == EventSink.Result.TOO_LONG && state.pendingStatus(slot) == Status.Code.SUCCESS) {
                // Room for a status is better than nothing: the agent does not wait in vain.
                int length = StatusReply.writeDelayed(event, state.pendingHeader(slot), Status.Code.PROTOCOL_ERROR);
                result = events.offer(event.array(), length);
            }
            if (result == EventSink.Result.NO_BUFFER) {
                return false;
            }
            state.free(slot);
            agent.metrics()
                    .count(
                            result == EventSink.Result.SENT
                                    ? EventCount.DELAYED_RESPONSE_SENT
                                    : EventCount.DELAYED_RESPONSE_DROPPED);
        }
        return true;
    }

    private int delayedResponse(AgentState state, int slot) {
        int header = state.pendingHeader(slot);
        int status = state.pendingStatus(slot);
        if (status != Status.Code.SUCCESS) {
            return StatusReply.writeDelayed(event, header, status);
        }
        rateSetDelayed.begin(event, header).clock(state.pendingClock(slot)).rate(state.pendingResult(slot));
        return rateSetDelayed.messageLength();
    }

    private void sendNotifications(Agent agent, EventSink events) {
        NotificationQueue queue = agent.clocks().notifications();
        while (!queue.isEmpty()) {
            if (isWanted(agent, queue)) {
                EventSink.Result result = events.offer(event.array(), notification(queue));
                if (result == EventSink.Result.NO_BUFFER) {
                    return;
                }
                agent.metrics()
                        .count(
                                result == EventSink.Result.SENT
                                        ? EventCount.NOTIFICATION_SENT
                                        : EventCount.NOTIFICATION_DROPPED);
            }
            queue.removeFirst();
        }
    }

    /** The agent may have unsubscribed, or chosen a version without notifications, since it was queued. */
    private boolean isWanted(Agent agent, NotificationQueue queue) {
        int bit = switch (queue.kind()) {
            case RATE_CHANGED -> AgentState.RATE_CHANGED;
            case RATE_CHANGE_REQUESTED -> AgentState.RATE_CHANGE_REQUESTED;
        };
        return agent.state().is(bit, queue.clock()) && ProtocolVersion.isAtLeast(versionFor(agent), ClockVersion.V2_0);
    }

    private int notification(NotificationQueue queue) {
        return switch (queue.kind()) {
            case RATE_CHANGED ->
                rateChangedEvent
                        .begin(event, 0)
                        .agent(queue.causer())
                        .clock(queue.clock())
                        .rate(queue.rate())
                        .messageLength();
            case RATE_CHANGE_REQUESTED ->
                requestedEvent
                        .begin(event, 0)
                        .agent(queue.causer())
                        .clock(queue.clock())
                        .rate(queue.rate())
                        .messageLength();
        };
    }

    // ---- Coming and going of agents.

    @Override
    void release(Agent agent) {
        AgentState state = agent.state();
        ClockView clocks = agent.clocks();
        state.clearPending();
        clocks.notifications().clear();
        for (int id = 0; id < clocks.size(); id++) {
            state.set(AgentState.RATE_CHANGED, id, false);
            state.set(AgentState.RATE_CHANGE_REQUESTED, id, false);
            if (state.is(AgentState.VOTE, id)) {
                dropVote(agent, clocks.at(id));
            }
        }
    }

    private void dropVote(Agent agent, AgentClock clock) {
        agent.state().set(AgentState.VOTE, clock.id(), false);
        if (clock.isCounted()) {
            clock.setCounted(false);
            tree.release(clock.clock());
        }
    }

    /**
     * After a start: has the tree count the votes that an earlier process of this service left. A gate that is open is
     * not written.
     *
     * @param apply whether to switch on again what is off: for simulated registers, which ended with that process. Real
     *     ones are the truth: who switched a clock off meanwhile had a reason, and the agent may enable it again
     */
    void restore(Agent agent, boolean apply) {
        ClockView clocks = agent.clocks();
        for (int id = 0; id < clocks.size(); id++) {
            if (agent.state().is(AgentState.VOTE, id)) {
                AgentClock clock = clocks.at(id);
                if (apply || clock.clock().enabled()) {
                    tree.acquire(clock.clock());
                    clock.setCounted(true);
                } else {
                    System.getLogger(ClockProtocol.class.getName())
                            .log(
                                    System.Logger.Level.WARNING,
                                    "agent " + agent.name() + " has enabled clock " + clock.clock()
                                            + ", but its registers say it is off; it is left so");
                }
            }
        }
    }
}
