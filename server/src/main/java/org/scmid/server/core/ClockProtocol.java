// The Clock protocol: what an agent may ask of its clocks, and what it is told of them.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.resource.ResourceKind;
import org.scmid.linux.Mapping;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.clock.ClockWaiter;
import org.scmid.platform.clock.Outcome;
import org.scmid.platform.clock.RateDescription;
import org.scmid.platform.clock.Rounding;
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
import org.scmid.server.core.ClockRequest.Action;

/**
 * The Clock protocol 3.0, and 2.0 and 1.0 for agents that negotiate them (DEN0056, "Clock management protocol").
 *
 * <p>Every handler checks in the same order: the clock (NOT_FOUND), the agent's permission (DENIED), whether the feature
 * is there (NOT_SUPPORTED), reserved bits and values (INVALID_PARAMETERS), ranges (OUT_OF_RANGE).
 *
 * <p>Enabling is a vote, one for each agent and clock. A clock runs while anybody votes for it; taking back a vote
 * succeeds also when others keep the clock running, and CONFIG_GET shows what the hardware does.
 *
 * <p>There is one rate for all agents. Whose wish it follows is the clock's {@link ArbitrationPolicy}.
 */
final class ClockProtocol extends Protocol {
    private static final System.Logger LOG = System.getLogger(ClockProtocol.class.getName());

    /** Flags of a clock in the agent's state. */
    static final int VOTE = 1;

    static final int RATE_CHANGED = 1 << 1;
    static final int RATE_CHANGE_REQUESTED = 1 << 2;

    /** The agent's wish for the rate counts: for clocks with the policy {@link ArbitrationPolicy.Highest} only. */
    static final int WISH = 1 << 3;

    private static final int FLAGS_OF_STATE = VOTE | RATE_CHANGED | RATE_CHANGE_REQUESTED | WISH;

    // Words of a clock in the agent's state, after its flags.
    private static final int WISH_FLAGS = 1;
    private static final int WISH_RATE = 2; // and 3
    private static final int STATE_WORDS = 4;

    private final ClockTree tree;
    private final ArbitrationPolicy[] policies; // by the clock's index

    /** By agent, from 0, and the agent's clock: the ids of its possible parents that the agent sees. */
    private final List<int[][]> visibleParents = new ArrayList<>();

    private final List<ClockRequest[]> requests = new ArrayList<>(); // by agent, from 0
    private final ClockWishes wishes = new ClockWishes(this::followWish);
    private final ClockRestart startAgain;

    /** What is asked for at the moment: of which clock, and which rate. */
    private @Nullable Clock requested;

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

    /**
     * @param tree the clocks; {@link #rateChanged} is to be told of their rates
     * @param arbitration whose wishes for rates are followed
     * @param agents all agents; may still grow while the service is put together
     */
    ClockProtocol(ClockTree tree, ArbitrationSpec arbitration, Agents agents) {
        super(ClockMessage.TABLE, ClockVersion.V3_0, ResourceKind.CLOCK, agents);
        this.tree = tree;
        startAgain = new ClockRestart(tree);
        policies = tree.clocks().stream()
                .map(clock -> arbitration.policy(ResourceKind.CLOCK, clock.name()))
                .toArray(ArbitrationPolicy[]::new);
        on(ClockMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(ClockMessage.CLOCK_ATTRIBUTES, this::clockAttributes);
        on(ClockMessage.CLOCK_DESCRIBE_RATES, this::describeRates);
        on(ClockMessage.CLOCK_RATE_SET, this::rateSet);
        on(ClockMessage.CLOCK_RATE_GET, this::rateGet);
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

    @Override
    AgentState.Section section(int resources) {
        return new AgentState.Section(id().id(), resources, STATE_WORDS, FLAGS_OF_STATE);
    }

    private Clock clockOf(AgentResource resource) {
        return tree.clock(resource.index());
    }

    /** Ids of the possible parents that the agent sees, in the order of the clock's parents. Not to be changed. */
    private int[] visibleParents(Agent agent, AgentResource clock) {
        while (visibleParents.size() < agent.id()) {
            visibleParents.add(findVisibleParents(agents().get(visibleParents.size())));
        }
        return visibleParents.get(agent.id() - 1)[clock.id()];
    }

    private int[][] findVisibleParents(Agent agent) {
        ResourceView clocks = view(agent);
        int[][] parents = new int[clocks.size()][];
        for (int id = 0; id < parents.length; id++) {
            parents[id] = clockOf(clocks.at(id)).parents().stream()
                    .map(parent -> clocks.of(parent.index()))
                    .filter(Objects::nonNull)
                    .mapToInt(parent -> Objects.requireNonNull(parent).id())
                    .distinct()
                    .toArray();
        }
        return parents;
    }

    // ---- What there is.

    private int attributes(Call call) {
        Agent agent = call.agent();
        int maxPending = agent.hasEvents() ? AgentState.MAX_PENDING : 0;
        attributesReply.begin(call.reply(), call.header()).counts(view(agent).size(), maxPending);
        return call.succeed(attributesReply.messageLength());
    }

    private int clockAttributes(Call call) {
        AgentResource resource = call.resource();
        Clock clock = clockOf(resource);
        clockReply
                .begin(call.reply(), call.header())
                .attributes(attributesOf(call.agent(), resource), call.version())
                .name(clock.name());
        if (ProtocolVersion.isAtLeast(call.version(), ClockVersion.V2_0)) {
            clockReply.enableDelay((int) Math.min(clock.enableDelayMicros(), 0xFFFF_FFFFL));
        }
        return call.succeed(clockReply.messageLength(call.version()));
    }

    private int attributesOf(Agent agent, AgentResource clock) {
        int attributes = clockOf(clock).enabled() ? ClockAttributes.Reply.ENABLED : 0;
        if (!clock.mayBeControlled() || !mayDecide(agent, clock)) {
            attributes |= ClockAttributes.Reply.RESTRICTED;
        }
        if (visibleParents(agent, clock).length > 0) {
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
        AgentResource clock = call.resource();
        int permissions = 0;
        if (clock.mayBeControlled()) {
            permissions |= ClockGetPermissions.Reply.STATE;
        }
        if (clock.mayBeControlled() && mayDecide(call.agent(), clock)) {
            permissions |= ClockGetPermissions.Reply.PARENT | ClockGetPermissions.Reply.RATE;
        }
        permissionsReply.begin(call.reply(), call.header()).permissions(permissions);
        return call.succeed(permissionsReply.messageLength());
    }

    // ---- Rates.

    private int describeRates(Call call) {
        describeRequest.wrap(call.request());
        RateDescription rates = tree.describe(clockOf(call.resource()));
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
        rateGetReply
                .begin(call.reply(), call.header())
                .rate(clockOf(call.resource()).rate());
        return call.succeed(rateGetReply.messageLength());
    }

    private int rateSet(Call call) {
        if (!mayDecide(call.agent(), call.resource())) {
            return Status.Code.DENIED;
        }
        int flags = rateSetRequest.wrap(call.request()).flags();
        boolean isAsync = (flags & ClockRateSet.Request.FLAG_ASYNC) != 0;
        if (isAsync && !call.agent().hasEvents()) {
            return Status.Code.NOT_SUPPORTED;
        }
        if ((flags & ClockRateSet.Request.FLAGS_RESERVED) != 0) {
            return Status.Code.INVALID_PARAMETERS;
        }
        if (isAsync) {
            return acceptAsync(call, flags, rateSetRequest.rate());
        }
        return carryOut(call, requestOf(call, Action.RATE).rate(rateSetRequest.rate(), flags));
    }

    // ---- Whose wish is followed.

    /** Whether the agent's wishes for rate and parent are heard at all. */
    private boolean mayDecide(Agent agent, AgentResource clock) {
        return !(policies[clock.index()] instanceof ArbitrationPolicy.Owner owner)
                || owner.agent().equals(agent.name());
    }

    /** The agent wants a rate: it is set, unless another agent wants a higher one of this clock and that counts. */
    private Outcome askForRate(ClockRequest request) {
        Clock clock = clockOf(request.clock());
        if (!isHighest(request)) {
            return tree.checkRate(clock, request.rate(), roundingOf(request.flags()), request);
        }
        requested = clock;
        requestedRate = request.rate();
        try {
            Outcome outcome = tree.setRate(clock, request.rate(), roundingOf(request.flags()), request);
            if (outcome == Outcome.OK || outcome == Outcome.STARTED) {
                tellRequest();
            }
            return outcome;
        } finally {
            requested = null;
        }
    }

    private boolean isHighest(ClockRequest request) {
        int index = request.clock().index();
        Agent highest =
                policies[index] instanceof ArbitrationPolicy.Highest ? highestWish(index, request.agent()) : null;
        return highest == null || Long.compareUnsigned(request.rate(), wishOf(highest, index)) >= 0;
    }

    /** A rate was set, or could have been: from now on the agent's wish counts, where the highest one does. */
    private void wished(ClockRequest request) {
        if (policies[request.clock().index()] instanceof ArbitrationPolicy.Highest) {
            boolean isHighest = isHighest(request);
            note(request.agent(), request.clock(), request.rate(), request.flags());
            if (!isHighest) {
                wishes.follow(request.clock().index()); // it may have been raised since
            }
        }
    }

    private void note(Agent agent, AgentResource clock, long rate, int flags) {
        ResourceState state = state(agent);
        state.set(WISH, clock.id(), false); // never half of one wish and half of another
        state.put(clock.id(), WISH_FLAGS, flags);
        state.putQuad(clock.id(), WISH_RATE, rate);
        state.set(WISH, clock.id(), true);
    }

    /** Sets the highest rate that agents asked for before: what was lower, or raised since, is that again. */
    private Outcome followWish(int index, ClockWaiter waiter) {
        Agent agent = highestWish(index, null);
        if (agent == null) {
            return Outcome.OK;
        }
        AgentResource clock = Objects.requireNonNull(view(agent).of(index));
        Rounding rounding = roundingOf(state(agent).word(clock.id(), WISH_FLAGS));
        Outcome outcome = tree.setRate(clockOf(clock), wishOf(agent, index), rounding, waiter);
        if (outcome != Outcome.OK && outcome != Outcome.STARTED && outcome != Outcome.BUSY) {
            agent.report("asked for " + wishOf(agent, index) + " Hz of clock " + clockOf(clock)
                    + ", which cannot be made any more; it keeps its rate");
        }
        return outcome;
    }

    /** The agent that wants the highest rate of a clock, but for one; null if none wants any. */
    private @Nullable Agent highestWish(int index, @Nullable Agent but) {
        Agent highest = null;
        for (int i = 0; i < agents().count(); i++) {
            Agent agent = agents().get(i);
            AgentResource clock = view(agent).of(index);
            if (agent != but
                    && clock != null
                    && state(agent).is(WISH, clock.id())
                    && (highest == null || Long.compareUnsigned(wishOf(agent, index), wishOf(highest, index)) > 0)) {
                highest = agent;
            }
        }
        return highest;
    }

    private long wishOf(Agent agent, int index) {
        return state(agent).quad(Objects.requireNonNull(view(agent).of(index)).id(), WISH_RATE);
    }

    /** An agent's wish does not count any more: the next highest does. */
    private void dropWish(Agent agent, AgentResource clock) {
        if (state(agent).is(WISH, clock.id())) {
            state(agent).set(WISH, clock.id(), false);
            wishes.follow(clock.index());
        }
    }

    // ---- What is asked of the tree, which may take time.

    /** The request of an agent's command. */
    private ClockRequest requestOf(Call call, Action action) {
        return take(call.agent(), 0).begin(action, call.agent(), call.resource());
    }

    /** An agent's request: that at place 0 is for its commands, each other one for a slot of its asynchronous commands. */
    private ClockRequest take(Agent agent, int place) {
        while (requests.size() < agent.id()) {
            ClockRequest[] made = new ClockRequest[1 + AgentState.MAX_PENDING];
            Arrays.setAll(made, its -> new ClockRequest(this));
            requests.add(made);
        }
        ClockRequest[] its = requests.get(agent.id() - 1);
        if (its[place].isInTree()) {
            its[place] = new ClockRequest(this); // the agent has left and come back before the old one has ended
        }
        return its[place];
    }

    /** Carries out a command; its reply may come later. */
    private int carryOut(Call call, ClockRequest request) {
        int status = ask(request);
        if (status == Call.DEFERRED) {
            request.waitWith(call, call.defer());
        }
        return status;
    }

    @Override
    int carryOut(Agent agent, int slot) {
        AgentState state = agent.state();
        AgentResource clock = view(agent).at(state.pendingResource(slot));
        ClockRequest request = take(agent, 1 + slot)
                .begin(Action.RATE, agent, clock)
                .rate(state.pendingWanted(slot), state.pendingFlags(slot));
        request.waitWith(state.sequence(slot));
        return ask(request);
    }

    /** The status of a request that is done or refused; {@link Call#DEFERRED} if the tree calls back. */
    private int ask(ClockRequest request) {
        Outcome outcome = switch (request.action()) {
            case RATE -> askForRate(request);
            case PARENT -> tree.setParent(clockOf(request.clock()), clockOf(request.parent()), request);
            case ENABLE -> askToRun(request);
        };
        return switch (outcome) {
            case OK -> {
                isDone(request);
                yield Status.Code.SUCCESS;
            }
            case STARTED, BUSY -> {
                request.entersTree();
                yield Call.DEFERRED;
            }
            case OUT_OF_LIMITS ->
                request.action() == Action.PARENT ? Status.Code.OUT_OF_RANGE : Status.Code.INVALID_PARAMETERS;
            case NOT_A_PARENT, UNSUPPORTED_RATE -> Status.Code.INVALID_PARAMETERS;
        };
    }

    private void isDone(ClockRequest request) {
        switch (request.action()) {
            case RATE -> wished(request);
            case PARENT -> {}
            case ENABLE -> state(request.agent()).set(VOTE, request.clock().id(), true);
        }
    }

    /** The tree may be able to do now what it was too busy for. */
    void askAgain(ClockRequest request) {
        if (!request.isWanted()) {
            return;
        }
        int status = request.isRevoked() ? Status.Code.BUSY : actFor(request, ASK);
        if (status != Call.DEFERRED) {
            answer(request, status);
        }
    }

    /** What the tree has started has ended. */
    void ended(ClockRequest request, boolean ok) {
        if (!ok && request.hasAddedUser() && !request.isRevoked()) {
            state(request.agent()).set(VOTE, request.clock().id(), false);
            request.clock().setCounted(false);
        }
        if (request.isWanted()) {
            answer(request, statusOf(request, ok));
        }
    }

    private int statusOf(ClockRequest request, boolean ok) {
        if (request.isRevoked()) {
            return Status.Code.BUSY; // the agent may ask again, and has nothing now
        }
        return ok ? actFor(request, END) : Status.Code.HARDWARE_ERROR;
    }

    /** What is done later for an agent, which is owed an answer whatever happens. */
    private interface Deed {
        int of(ClockProtocol protocol, ClockRequest request);
    }

    private static final Deed ASK = ClockProtocol::ask;

    private static final Deed END = (protocol, request) -> {
        protocol.isDone(request);
        return Status.Code.SUCCESS;
    };

    private int actFor(ClockRequest request, Deed deed) {
        Agent before = agents().act(request.agent());
        try {
            int status = deed.of(this, request);
            Mapping.raiseFault(); // a register file that was cut off says so late
            return status;
        } catch (RuntimeException | InternalError failure) {
            request.agent()
                    .reportFailure("a command about clock " + request.clock().name() + " failed", failure);
            return Status.Code.HARDWARE_ERROR;
        } finally {
            agents().act(before);
        }
    }

    private void answer(ClockRequest request, int status) {
        Call call = request.call();
        if (call != null) {
            call.complete(request.ticket(), status);
        } else {
            finish(request.agent(), request.ticket(), status, reachedBy(request));
        }
    }

    /** The rate for a delayed response. */
    private long reachedBy(ClockRequest request) {
        try {
            return clockOf(request.clock()).rate();
        } catch (RuntimeException | InternalError failure) {
            return 0; // nobody can say; the agent has its answer all the same
        }
    }

    @Override
    long result(Agent agent, int slot) {
        return clockOf(view(agent).at(agent.state().pendingResource(slot))).rate();
    }

    @Override
    boolean hasDelayedResponse(int flags) {
        return (flags & ClockRateSet.Request.FLAG_NO_DELAYED_RESPONSE) == 0;
    }

    @Override
    int renderDelayed(Agent agent, int slot, MessageBuffer into) {
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

    private int possibleParentsGet(Call call) {
        int[] parents = visibleParents(call.agent(), call.resource());
        if (parents.length == 0) {
            return Status.Code.NOT_SUPPORTED;
        }
        int skip = parentsRequest.wrap(call.request()).skipParents();
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
        if (visibleParents(call.agent(), call.resource()).length == 0) {
            return Status.Code.NOT_SUPPORTED;
        }
        Clock parent = clockOf(call.resource()).parent();
        if (parent == null) {
            return Status.Code.GENERIC_ERROR; // the multiplexer's register selects nothing that the board file knows
        }
        AgentResource visibleParent = view(call.agent()).of(parent.index());
        if (visibleParent == null) {
            return Status.Code.DENIED;
        }
        parentGetReply.begin(call.reply(), call.header()).parent(visibleParent.id());
        return call.succeed(parentGetReply.messageLength());
    }

    private int parentSet(Call call) {
        if (!mayDecide(call.agent(), call.resource())) {
            return Status.Code.DENIED;
        }
        AgentResource parent =
                view(call.agent()).visible(parentSetRequest.wrap(call.request()).parent());
        if (visibleParents(call.agent(), call.resource()).length == 0) {
            return Status.Code.NOT_SUPPORTED;
        }
        if (parent == null) {
            return Status.Code.NOT_FOUND;
        }
        return carryOut(call, requestOf(call, Action.PARENT).parent(parent));
    }

    // ---- On and off.

    private int configGet(Call call) {
        configGetRequest.wrap(call.request());
        // No clock here has a duty cycle, a phase or anything else that extends its configuration.
        if ((configGetRequest.flags() & ClockConfigGet.Request.FLAGS_RESERVED) != 0
                || configGetRequest.extendedType() != ExtendedConfig.NONE) {
            return Status.Code.INVALID_PARAMETERS;
        }
        configGetReply
                .begin(call.reply(), call.header())
                .config(clockOf(call.resource()).enabled(), 0);
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
        int reserved = ClockConfigSet.Request.reservedAttributes(call.version());
        if ((configSetRequest.attributes() & reserved) != 0
                || (mayExtend && configSetRequest.extendedType() != ExtendedConfig.NONE)) {
            return Status.Code.INVALID_PARAMETERS;
        }
        return switch (configSetRequest.state()) {
            case ClockConfigSet.Request.ENABLE -> carryOut(call, requestOf(call, Action.ENABLE));
            case ClockConfigSet.Request.DISABLE -> disable(call.agent(), call.resource());
            default -> Status.Code.INVALID_PARAMETERS; // 2 is reserved, 3 needs an extended type
        };
    }

    // In both, what is in between if the service is killed is "the clock runs and this agent does not vote", as after a
    // boot loader; the command was not answered then, and comes again.

    /**
     * An agent that votes already may have seen that the clock stands all the same. The vote is noted when the tree counts
     * it, and taken back if the clock does not start.
     */
    private Outcome askToRun(ClockRequest request) {
        Clock clock = clockOf(request.clock());
        if (request.clock().isCounted()) {
            return tree.keepRunning(clock, request);
        }
        Outcome outcome = tree.acquire(clock, request);
        if (outcome == Outcome.OK || outcome == Outcome.STARTED) {
            request.addsUser();
            request.clock().setCounted(true);
            state(request.agent()).set(VOTE, request.clock().id(), true);
        }
        return outcome;
    }

    private int disable(Agent agent, AgentResource clock) {
        state(agent).set(VOTE, clock.id(), false);
        if (clock.isCounted()) {
            clock.setCounted(false);
            tree.release(clockOf(clock));
        } else if (clockOf(clock).users() == 0) {
            tree.release(clockOf(clock)); // left on since before us: off, unless a clock in use runs from it
        }
        return Status.Code.SUCCESS;
    }

    // ---- Notifications.

    /** One clock has another rate. */
    void rateChanged(Clock clock, long rate) {
        tellRequest();
        tellOthers(ClockMessage.CLOCK_RATE_CHANGED.id(), true, RATE_CHANGED, clock.index(), rate, 0);
    }

    /**
     * Tells of the request that is being carried out, once. A request is known to be valid only when the tree has taken
     * it; so this comes with its first effect, in front of it in every agent's queue.
     */
    private void tellRequest() {
        Clock clock = requested;
        if (clock != null) {
            requested = null;
            tellOthers(
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
    int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
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
    void release(Agent agent) {
        revokeRequests(agent);
        ResourceView clocks = view(agent);
        for (int id = 0; id < clocks.size(); id++) {
            state(agent).set(RATE_CHANGED, id, false);
            state(agent).set(RATE_CHANGE_REQUESTED, id, false);
            dropWish(agent, clocks.at(id));
            dropVote(agent, clocks.at(id)); // noted, or the clock is still being started for it
        }
    }

    private void revokeRequests(Agent agent) {
        if (agent.id() <= requests.size()) {
            for (ClockRequest request : requests.get(agent.id() - 1)) {
                request.revoke();
            }
        }
    }

    private void dropVote(Agent agent, AgentResource clock) {
        state(agent).set(VOTE, clock.id(), false);
        if (clock.isCounted()) {
            clock.setCounted(false);
            tree.release(clockOf(clock));
        }
    }

    /**
     * Has the tree count the votes. A gate that is open is not written. Who switched a clock off meanwhile had a reason,
     * and the agent may enable it again.
     */
    @Override
    void restore(Agent agent, boolean apply) {
        ResourceView clocks = view(agent);
        for (int id = 0; id < clocks.size(); id++) {
            if (state(agent).is(VOTE, id)) {
                AgentResource clock = clocks.at(id);
                if (clockOf(clock).enabled()) {
                    tree.adopt(clockOf(clock));
                    clock.setCounted(true);
                } else if (apply) {
                    startAgain.add(agent, clock);
                } else {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "agent " + agent.name() + " has enabled clock " + clockOf(clock)
                                    + ", but its registers say it is off; it is left so");
                }
            }
        }
    }
}
