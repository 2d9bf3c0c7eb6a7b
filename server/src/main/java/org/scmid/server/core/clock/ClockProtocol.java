// The Clock protocol: what an agent may ask of its clocks, and what it is told of them.
package org.scmid.server.core.clock;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.platform.driver.ClockAuthority;
import org.scmid.platform.driver.ClockDriver;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.clock.ClockAttributes;
import org.scmid.protocol.clock.ClockConfigGet;
import org.scmid.protocol.clock.ClockConfigSet;
import org.scmid.protocol.clock.ClockDescribeRates;
import org.scmid.protocol.clock.ClockGetPermissions;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.clock.ClockParentGet;
import org.scmid.protocol.clock.ClockParentSet;
import org.scmid.protocol.clock.ClockPossibleParentsGet;
import org.scmid.protocol.clock.ClockProtocolAttributes;
import org.scmid.protocol.clock.ClockRateEvent;
import org.scmid.protocol.clock.ClockRateGet;
import org.scmid.protocol.clock.ClockRateSet;
import org.scmid.protocol.clock.ClockVersion;
import org.scmid.protocol.clock.ExtendedConfig;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.agent.Call;
import org.scmid.server.core.agent.NotificationQueue;
import org.scmid.server.core.agent.Operation;
import org.scmid.server.core.agent.Procedure;
import org.scmid.server.core.agent.ResourceView;
import org.scmid.server.core.protocol.Arbitration;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.server.core.protocol.Votes;
import org.scmid.server.core.state.AgentState;
import org.scmid.server.core.state.Section;

/**
 * The Clock protocol 3.0, and 2.0 and 1.0 for agents that negotiate them (DEN0056, "Clock management protocol").
 *
 * <p>Enabling is a vote, one for each agent and clock. A clock runs while anybody votes for it; taking back a vote
 * succeeds also when others keep the clock running. What the agent reads then is the rule of {@link Votes}.
 *
 * <p>There is one rate for all agents. Whose wish it follows is the clock's {@link ArbitrationPolicy}.
 */
public final class ClockProtocol extends Protocol {
    /** Flags of a clock in the agent's state. */
    public static final int VOTE = 1;

    static final int RATE_CHANGED = 1 << 1;
    static final int RATE_CHANGE_REQUESTED = 1 << 2;

    /** The agent's wish for the rate counts: for clocks with the policy {@link ArbitrationPolicy.Highest} only. */
    static final int WISH = 1 << 3;

    /** The agent asked for off, see {@link Votes}. */
    static final int ASKED_OFF = 1 << 4;

    private static final int FLAGS_OF_STATE = VOTE | RATE_CHANGED | RATE_CHANGE_REQUESTED | WISH | ASKED_OFF;

    // Words of a clock in the agent's state, after its flags.
    private static final int WISH_FLAGS = 1;
    private static final int WISH_RATE = 2; // and 3
    private static final int STATE_WORDS = 4;

    /** No id. */
    private static final int NONE = -1;

    private static final int ALL_PERMISSIONS =
            ClockGetPermissions.Reply.STATE | ClockGetPermissions.Reply.PARENT | ClockGetPermissions.Reply.RATE;

    private final List<? extends ClockDriver> clocks;
    private final Votes votes;
    private final Arbitration arbitration;
    private final ClockPolicies authority;

    /** What is asked for at the moment: of which clock, and which rate. */
    private @Nullable AgentResource requested;

    private long requestedRate;

    private final ClockProtocolAttributes.Reply attributesReply = new ClockProtocolAttributes.Reply();
    private final ClockAttributes.Reply clockReply = new ClockAttributes.Reply();
    private final ClockDescribeRates.Request describeRequest = new ClockDescribeRates.Request();
    private final ClockDescribeRates.Reply describeReply = new ClockDescribeRates.Reply();
    private final ClockRateSet.Request rateSetRequest = new ClockRateSet.Request();
    private final ClockRateSet.Delayed rateSetDelayed = new ClockRateSet.Delayed();
    private final ClockRateGet.Reply rateGetReply = new ClockRateGet.Reply();
    private final ClockConfigSet.Request configSetRequest = new ClockConfigSet.Request();
    private final ClockConfigGet.Request configGetRequest = new ClockConfigGet.Request();
    private final ClockConfigGet.Reply configGetReply = new ClockConfigGet.Reply();
    private final ClockRateEvent rateChangedEvent = ClockRateEvent.changed();
    private final ClockRateEvent requestedEvent = ClockRateEvent.changeRequested();
    private final ClockPossibleParentsGet.Request parentsRequest = new ClockPossibleParentsGet.Request();
    private final ClockPossibleParentsGet.Reply parentsReply = new ClockPossibleParentsGet.Reply();
    private final ClockParentSet.Request parentSetRequest = new ClockParentSet.Request();
    private final ClockParentGet.Reply parentGetReply = new ClockParentGet.Reply();
    private final ClockGetPermissions.Reply permissionsReply = new ClockGetPermissions.Reply();

    private final Procedure readParent = Procedure.reading(this::askParent, this::replyParent);
    private final Procedure readConfig = Procedure.reading(this::askState, this::replyConfig);
    private final Procedure readReachedRate = Procedure.reading(this::askReachedRate, operation -> Status.Code.SUCCESS);
    private final Procedure setRate = new RateSetting();
    private final Procedure setParent = new ParentSetting();

    /**
     * @param clocks the clocks; {@link #rateChanged} is to be told of their rates
     * @param names their names, in the same order
     * @param policies whose wishes for rates are followed
     * @param agents all agents
     */
    public ClockProtocol(
            List<? extends ClockDriver> clocks, List<String> names, ArbitrationSpec policies, Agents agents) {
        super(ClockMessage.TABLE, ClockVersion.V3_0, ResourceKind.CLOCK, clocks.size(), agents);
        this.clocks = clocks;
        votes = new Votes(this, this::clockOf, VOTE, ASKED_OFF);
        arbitration = new Arbitration(this, policies, ResourceKind.CLOCK, names, WISH, WISH_RATE, this::followWish);
        authority = new ClockPolicies(policies, names, arbitration);
        on(ClockMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(ClockMessage.CLOCK_ATTRIBUTES, this::askState, this::replyAttributes);
        on(ClockMessage.CLOCK_DESCRIBE_RATES, this::askRates, this::replyRates);
        on(ClockMessage.CLOCK_RATE_SET, this::rateSet);
        on(ClockMessage.CLOCK_RATE_GET, this::askRate, this::replyRate);
        on(ClockMessage.CLOCK_CONFIG_SET, this::configSet);
        on(ClockMessage.CLOCK_NAME_GET, this::nameGet);
        on(ClockMessage.CLOCK_RATE_NOTIFY, call -> subscribe(call, RATE_CHANGED));
        on(ClockMessage.CLOCK_RATE_CHANGE_REQUESTED_NOTIFY, call -> subscribe(call, RATE_CHANGE_REQUESTED));
        on(ClockMessage.CLOCK_CONFIG_GET, this::configGet);
        on(ClockMessage.CLOCK_POSSIBLE_PARENTS_GET, this::possibleParentsGet);
        on(ClockMessage.CLOCK_PARENT_SET, this::parentSet);
        on(ClockMessage.CLOCK_PARENT_GET, this::parentGet);
        on(ClockMessage.CLOCK_GET_PERMISSIONS, this::getPermissions);
    }

    /** What a request for one clock may do to others; the hardware is to ask it. */
    public ClockAuthority authority() {
        return authority;
    }

    @Override
    public Section section() {
        return Section.of(id().id(), ResourceKind.CLOCK, STATE_WORDS, FLAGS_OF_STATE);
    }

    @Override
    protected int heldBy(Aspect aspect) {
        return switch (aspect) {
            case STATE -> VOTE | ASKED_OFF;
            case RATE -> WISH;
            default -> 0;
        };
    }

    private ClockDriver clockOf(AgentResource resource) {
        return clocks.get(resource.index());
    }

    // ---- What there is.

    private int attributes(Call call) {
        Agent agent = call.agent();
        int maxPending = agent.hasEvents() ? AgentState.MAX_PENDING : 0;
        attributesReply.begin(call.reply(), call.header()).counts(view(agent).size(), maxPending);
        return call.succeed(attributesReply.messageLength());
    }

    private Outcome askState(Operation operation) {
        return clockOf(operation.resource()).readState(operation);
    }

    private int replyAttributes(Operation operation) {
        Call call = operation.call();
        AgentResource clock = operation.resource();
        clockReply
                .begin(call.reply(), call.header())
                .attributes(attributesOf(call.agent(), clock, votes.readsOn(operation)), call.version())
                .name(clock.name());
        if (ProtocolVersion.isAtLeast(call.version(), ClockVersion.V2_0)) {
            clockReply.enableDelay((int) Math.min(clockOf(clock).enableDelayMicros(), 0xFFFF_FFFFL));
        }
        return call.succeed(clockReply.messageLength(call.version()));
    }

    private int attributesOf(Agent agent, AgentResource clock, boolean isEnabled) {
        int attributes = isEnabled ? ClockAttributes.Reply.ENABLED : 0;
        if (permissionsOf(agent, clock) != ALL_PERMISSIONS) {
            attributes |= ClockAttributes.Reply.RESTRICTED;
        }
        if (hasVisibleParents(agent, clock)) {
            attributes |= ClockAttributes.Reply.PARENTS;
        }
        if (Names.needsExtended(clock.name())) {
            attributes |= ClockAttributes.Reply.EXTENDED_NAME;
        }
        if (agent.hasEvents() && clock.mayBeNotified()) {
            attributes |=
                    ClockAttributes.Reply.RATE_CHANGED_NOTIFY | ClockAttributes.Reply.RATE_CHANGE_REQUESTED_NOTIFY;
        }
        return attributes;
    }

    private int getPermissions(Call call) {
        permissionsReply.begin(call.reply(), call.header()).permissions(permissionsOf(call.agent(), call.resource()));
        return call.succeed(permissionsReply.messageLength());
    }

    /** What the agent may set of a clock. The state of one that nothing stops is nobody's to set. */
    private int permissionsOf(Agent agent, AgentResource clock) {
        boolean isHeard = arbitration.hears(agent, clock);
        return (clock.mayChange(Aspect.STATE) && clockOf(clock).isSwitchable() ? ClockGetPermissions.Reply.STATE : 0)
                | (isHeard && clock.mayChange(Aspect.PARENT) ? ClockGetPermissions.Reply.PARENT : 0)
                | (isHeard && clock.mayChange(Aspect.RATE) ? ClockGetPermissions.Reply.RATE : 0);
    }

    // ---- Rates.

    private Outcome askRates(Operation operation) {
        return clockOf(operation.resource()).describeRates(operation);
    }

    private int replyRates(Operation operation) {
        Call call = operation.call();
        RateDescription rates = clockOf(operation.resource()).rates();
        int index = describeRequest.wrap(call.request()).rateIndex();
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
        if (Integer.compareUnsigned(index, total) >= 0) {
            return Status.Code.OUT_OF_RANGE;
        }
        int returned = Math.min(total - index, ClockDescribeRates.Reply.capacity(call.capacity()));
        if (returned == 0) {
            return Status.Code.PROTOCOL_ERROR;
        }
        describeReply.begin(call.reply(), call.header()).list(returned, total - index - returned);
        for (int i = 0; i < returned; i++) {
            describeReply.rate(i, rates.rate(index + i));
        }
        return call.succeed(describeReply.messageLength());
    }

    private Outcome askRate(Operation operation) {
        return clockOf(operation.resource()).readRate(operation);
    }

    private int replyRate(Operation operation) {
        Call call = operation.call();
        rateGetReply.begin(call.reply(), call.header()).rate(operation.value());
        return call.succeed(rateGetReply.messageLength());
    }

    private int rateSet(Call call) {
        if (!arbitration.hears(call.agent(), call.resource())) {
            return Status.Code.DENIED;
        }
        int flags = rateSetRequest.wrap(call.request()).flags();
        boolean isAsync = (flags & ClockRateSet.Request.FLAG_ASYNC) != 0;
        if (isAsync && !call.agent().hasEvents()) {
            return Status.Code.NOT_SUPPORTED;
        }
        if (isAsync) {
            return acceptAsync(call, flags, rateSetRequest.rate());
        }
        return call.operation().wants(rateSetRequest.rate(), flags).run(setRate);
    }

    /** Sets a rate, or notes that it is wished while a higher wish counts. */
    private final class RateSetting extends Procedure {
        @Override
        protected Outcome ask(Operation operation) {
            return askForRate(operation);
        }

        /** One that has gone wishes nothing any more, but the rate was set: it is what the others wish. */
        @Override
        protected void succeeded(Operation operation) {
            if (operation.isRevoked()) {
                arbitration.follow(operation.resource().index());
            }
        }

        @Override
        protected int done(Operation operation) {
            wished(operation);
            return operation.isAsync() ? operation.goOn(readReachedRate) : Status.Code.SUCCESS;
        }
    }

    /** The agent wants a rate: it is set, unless another agent wants a higher one of this clock and that counts. */
    private Outcome askForRate(Operation operation) {
        AgentResource resource = operation.resource();
        ClockDriver clock = clockOf(resource);
        Rounding rounding = roundingOf(operation.flags());
        if (!prevails(operation)) {
            return clock.checkRate(operation.wanted(), rounding, operation);
        }
        requested = resource;
        requestedRate = operation.wanted();
        try {
            Outcome outcome = clock.setRate(operation.wanted(), rounding, operation);
            if (outcome == Outcome.OK || outcome == Outcome.STARTED) {
                tellRequest();
            }
            return outcome;
        } finally {
            requested = null;
        }
    }

    private boolean prevails(Operation operation) {
        return arbitration.prevails(operation.agent(), operation.resource(), operation.wanted());
    }

    /** A rate was set, or could have been: from now on the agent's wish counts, where the highest one does. */
    private void wished(Operation operation) {
        AgentResource clock = operation.resource();
        if (arbitration.isHighestFirst(clock.index())) {
            boolean prevails = prevails(operation);
            arbitration.forget(operation.agent(), clock); // never half of one wish and half of another
            state(operation.agent()).put(clock.id(), WISH_FLAGS, operation.flags());
            arbitration.note(operation.agent(), clock, operation.wanted());
            if (!prevails) {
                arbitration.follow(clock.index()); // it may have been raised since
            }
        }
    }

    /** Sets the highest rate that agents asked for before: what was lower, or raised since, is that again. */
    private Outcome followWish(int index, Waiter waiter) {
        Agent agent = arbitration.wisherOfMost(index, null);
        AgentResource clock = agent == null ? null : view(agent).of(index);
        if (agent == null || clock == null) {
            return Outcome.OK;
        }
        long wish = arbitration.wishOf(agent, index);
        Rounding rounding = roundingOf(state(agent).word(clock.id(), WISH_FLAGS));
        Outcome outcome = clockOf(clock).setRate(wish, rounding, waiter);
        if (outcome != Outcome.OK && !outcome.isLater()) {
            agent.report("asked for " + wish + " Hz of clock " + clock.name()
                    + ", which cannot be made any more; it keeps its rate");
        }
        return outcome;
    }

    @Override
    public int carryOut(Agent agent, int slot) {
        AgentState state = agent.state();
        return agent.begin(slot, pendingResource(agent, slot))
                .wants(state.pendingWanted(slot), state.pendingFlags(slot))
                .run(setRate);
    }

    /** For a delayed response, which the agent gets also if nobody can say the rate. */
    private Outcome askReachedRate(Operation operation) {
        try {
            Outcome outcome = askRate(operation);
            if (outcome.isLater()) {
                return outcome;
            }
            operation.value(outcome == Outcome.OK ? operation.value() : 0);
        } catch (RuntimeException | InternalError failure) {
            operation.value(0);
        }
        return Outcome.OK;
    }

    @Override
    public boolean hasDelayedResponse(int flags) {
        return (flags & ClockRateSet.Request.FLAG_NO_DELAYED_RESPONSE) == 0;
    }

    @Override
    public int renderDelayed(Agent agent, int slot, MessageBuffer into) {
        AgentState state = agent.state();
        rateSetDelayed
                .begin(into, state.pendingHeader(slot))
                .clock(state.pendingResource(slot))
                .rate(state.pendingResult(slot));
        return rateSetDelayed.messageLength();
    }

    private static Rounding roundingOf(int flags) {
        if ((flags & ClockRateSet.Request.FLAG_ROUND_NEAREST) != 0) {
            return Rounding.NEAREST;
        }
        return (flags & ClockRateSet.Request.FLAG_ROUND_UP) != 0 ? Rounding.UP : Rounding.DOWN;
    }

    // ---- Parents.

    private boolean hasVisibleParents(Agent agent, AgentResource clock) {
        return visibleParent(agent, clock, 0) != NONE;
    }

    /** The agent's id of one of the possible parents that it sees, in the order of the clock's parents. */
    private int visibleParent(Agent agent, AgentResource clock, int position) {
        ClockDriver driver = clockOf(clock);
        ResourceView seen = view(agent);
        int left = position;
        for (int i = 0; i < driver.parents(); i++) {
            AgentResource parent = seen.of(driver.parent(i));
            if (parent != null && left-- == 0) {
                return parent.id();
            }
        }
        return NONE;
    }

    private int countVisibleParents(Agent agent, AgentResource clock) {
        ClockDriver driver = clockOf(clock);
        ResourceView seen = view(agent);
        int count = 0;
        for (int i = 0; i < driver.parents(); i++) {
            count += seen.of(driver.parent(i)) == null ? 0 : 1;
        }
        return count;
    }

    private int possibleParentsGet(Call call) {
        Agent agent = call.agent();
        AgentResource clock = call.resource();
        int total = countVisibleParents(agent, clock);
        if (total == 0) {
            return Status.Code.NOT_SUPPORTED;
        }
        int skip = parentsRequest.wrap(call.request()).skipParents();
        if (Integer.compareUnsigned(skip, total) >= 0) {
            return Status.Code.OUT_OF_RANGE;
        }
        // The count of those that remain has eight bits too; an agent that skips on its own gets the others all the
        // same.
        int returned = Math.min(total - skip, ClockPossibleParentsGet.Reply.capacity(call.capacity()));
        if (returned == 0) {
            return Status.Code.PROTOCOL_ERROR;
        }
        int remaining = Math.min(total - skip - returned, ClockPossibleParentsGet.Reply.MAX_COUNT);
        parentsReply.begin(call.reply(), call.header()).list(returned, remaining);
        ClockDriver driver = clockOf(clock);
        int position = -skip;
        for (int i = 0; i < driver.parents() && position < returned; i++) {
            AgentResource parent = view(agent).of(driver.parent(i));
            if (parent != null && position++ >= 0) {
                parentsReply.parent(position - 1, parent.id());
            }
        }
        return call.succeed(parentsReply.messageLength());
    }

    private int parentGet(Call call) {
        return hasVisibleParents(call.agent(), call.resource())
                ? call.operation().run(readParent)
                : Status.Code.NOT_SUPPORTED;
    }

    private Outcome askParent(Operation operation) {
        return clockOf(operation.resource()).readParent(operation);
    }

    /** A parent that the agent does not see is DENIED: it is there, but to name it would be to show it. */
    private int replyParent(Operation operation) {
        Call call = operation.call();
        int parent = (int) operation.value();
        if (parent == ClockDriver.NO_PARENT) {
            return Status.Code.GENERIC_ERROR; // the multiplexer's register selects nothing that the board file knows
        }
        AgentResource visibleParent = view(call.agent()).of(parent);
        if (visibleParent == null) {
            return Status.Code.DENIED;
        }
        parentGetReply.begin(call.reply(), call.header()).parent(visibleParent.id());
        return call.succeed(parentGetReply.messageLength());
    }

    private int parentSet(Call call) {
        if (!arbitration.hears(call.agent(), call.resource())) {
            return Status.Code.DENIED;
        }
        AgentResource parent =
                view(call.agent()).visible(parentSetRequest.wrap(call.request()).parent());
        if (!hasVisibleParents(call.agent(), call.resource())) {
            return Status.Code.NOT_SUPPORTED;
        }
        if (parent == null) {
            return Status.Code.NOT_FOUND;
        }
        if (parent.isDenied() || arbitration.isWishedByOthers(call.agent(), call.resource())) {
            return Status.Code.DENIED;
        }
        return call.operation().names(parent).run(setParent);
    }

    /** Runs a clock from another parent. */
    private final class ParentSetting extends Procedure {
        @Override
        protected Outcome ask(Operation operation) {
            return clockOf(operation.resource()).setParent(operation.other().index(), operation);
        }

        @Override
        protected int statusOf(Outcome outcome) {
            return outcome == Outcome.OUT_OF_LIMITS ? Status.Code.OUT_OF_RANGE : super.statusOf(outcome);
        }
    }

    // ---- On and off.

    private int configGet(Call call) {
        configGetRequest.wrap(call.request());
        // No clock here has a duty cycle, a phase or anything else that extends its configuration.
        if (configGetRequest.extendedType() != ExtendedConfig.NONE) {
            return Status.Code.INVALID_PARAMETERS;
        }
        return call.operation().run(readConfig);
    }

    private int replyConfig(Operation operation) {
        Call call = operation.call();
        configGetReply.begin(call.reply(), call.header()).config(votes.readsOn(operation), 0);
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
        if (mayExtend && configSetRequest.extendedType() != ExtendedConfig.NONE) {
            return Status.Code.INVALID_PARAMETERS;
        }
        return switch (configSetRequest.state()) {
            case ClockConfigSet.Request.ENABLE -> call.operation().run(votes.on);
            case ClockConfigSet.Request.DISABLE -> call.operation().run(votes.off);
            default -> Status.Code.INVALID_PARAMETERS; // 2 is reserved, 3 needs an extended type
        };
    }

    // ---- Notifications.

    /** One clock has another rate. */
    public void rateChanged(int clock, long rate) {
        tellRequest();
        tellSubscribers(ClockMessage.CLOCK_RATE_CHANGED.id(), true, RATE_CHANGED, clock, rate, 0);
    }

    /**
     * Tells of the request that is being carried out, once: with its first effect, in front of it in every agent's queue, or
     * when hardware has taken it. One that is refused at once is none.
     */
    private void tellRequest() {
        AgentResource clock = requested;
        if (clock != null) {
            requested = null;
            tellSubscribers(
                    ClockMessage.CLOCK_RATE_CHANGE_REQUESTED.id(),
                    false,
                    RATE_CHANGE_REQUESTED,
                    clock.index(),
                    requestedRate,
                    0);
        }
    }

    /** The agent may have unsubscribed, or chosen a version without notifications, since it was queued. */
    @Override
    public int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
        boolean isChange = entry.kind() == ClockMessage.CLOCK_RATE_CHANGED.id();
        int flag = isChange ? RATE_CHANGED : RATE_CHANGE_REQUESTED;
        if (!state(agent).is(flag, entry.resource()) || !speaks(agent, ClockVersion.V2_0)) {
            return 0;
        }
        if (isChange) {
            return rateChangedEvent
                    .begin(into, 0)
                    .agent(entry.causer())
                    .clock(entry.resource())
                    .rate(entry.first())
                    .messageLength();
        }
        return requestedEvent
                .begin(into, 0)
                .agent(entry.causer())
                .clock(entry.resource())
                .rate(entry.first())
                .messageLength();
    }

    // ---- Coming and going of agents.

    @Override
    protected int subscriptions() {
        return RATE_CHANGED | RATE_CHANGE_REQUESTED;
    }

    @Override
    protected void release(Agent agent, AgentResource clock) {
        state(agent).set(subscriptions(), clock.id(), false);
        release(agent, clock, Aspect.RATE);
        release(agent, clock, Aspect.STATE);
    }

    @Override
    protected void release(Agent agent, AgentResource clock, Aspect aspect) {
        if (aspect == Aspect.STATE) {
            votes.release(agent, clock);
        } else if (arbitration.forget(agent, clock)) {
            arbitration.follow(clock.index());
        }
    }

    @Override
    protected void restore(Agent agent, AgentResource clock, boolean apply) {
        votes.restore(agent, clock, apply);
    }
}
