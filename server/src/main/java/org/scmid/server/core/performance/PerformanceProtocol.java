// The Performance protocol: what an agent may ask of its performance domains, and what it is told of them.
package org.scmid.server.core.performance;

import java.util.List;
import org.scmid.config.performance.PerformanceLevelSpec;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.PerformanceDriver;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.performance.PerformanceDescribeLevels;
import org.scmid.protocol.performance.PerformanceDomainAttributes;
import org.scmid.protocol.performance.PerformanceLevelGet;
import org.scmid.protocol.performance.PerformanceLevelSet;
import org.scmid.protocol.performance.PerformanceLimitsGet;
import org.scmid.protocol.performance.PerformanceLimitsSet;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.performance.PerformanceNotifyLevel;
import org.scmid.protocol.performance.PerformanceNotifyLimits;
import org.scmid.protocol.performance.PerformanceProtocolAttributes;
import org.scmid.protocol.performance.PerformanceProtocolAttributes.PowerUnit;
import org.scmid.protocol.performance.PerformanceVersion;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.agent.Call;
import org.scmid.server.core.agent.Holders;
import org.scmid.server.core.agent.NotificationQueue;
import org.scmid.server.core.agent.Operation;
import org.scmid.server.core.agent.Procedure;
import org.scmid.server.core.protocol.Arbitration;
import org.scmid.server.core.protocol.Following;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.server.core.state.ResourceState;
import org.scmid.server.core.state.Section;

/**
 * The Performance protocol 4.0, and 3.0, 2.0 and 1.0 for agents that negotiate them (DEN0056, "Performance domain
 * management protocol"). There are no fast channels: agents share no memory with the service.
 *
 * <p>Each agent has its limits, or none; what counts is what all of them allow. If they contradict each other, the lowest
 * of the upper limits wins: it is there to protect something. Each agent may have asked for a level; which counts is the
 * domain's {@link ArbitrationPolicy}.
 *
 * <p>In here, levels are positions from 0. Agents see their numbers; with level indexing, those that speak 4.0 see
 * positions from 1, since 0 has a meaning of its own in PERFORMANCE_LIMITS_SET.
 */
public final class PerformanceProtocol extends Protocol {
    /** Flags of a domain in the agent's state. */
    static final int LIMITS_CHANGED = 1;

    static final int LEVEL_CHANGED = 1 << 1;

    /** The agent has asked for a level, and that counts. */
    static final int LEVEL_ASKED = 1 << 2;

    static final int HIGHEST_SET = 1 << 3;
    static final int LOWEST_SET = 1 << 4;

    private static final int FLAGS_OF_STATE = LIMITS_CHANGED | LEVEL_CHANGED | LEVEL_ASKED | HIGHEST_SET | LOWEST_SET;

    // Words of a domain in the agent's state, after its flags: positions of levels.
    private static final int HIGHEST = 1;
    private static final int LEVEL = 2; // and 3
    private static final int LOWEST = 4;
    private static final int STATE_WORDS = 6;

    /** In a word of PERFORMANCE_LIMITS_SET: the limit stays as it is. */
    private static final int UNCHANGED = 0;

    private final List<? extends PerformanceDriver> domains;

    // By domain: the limits that subscribers know of.
    private final int[] lowestKnown;
    private final int[] highestKnown;

    private final Arbitration arbitration;
    private final Following limits =
            new Following(ResourceKind.PERFORMANCE_DOMAIN, this::followLimits, agents().scheduler());

    private final PerformanceProtocolAttributes.Reply attributesReply = new PerformanceProtocolAttributes.Reply();
    private final PerformanceDomainAttributes.Reply domainReply = new PerformanceDomainAttributes.Reply();
    private final PerformanceDescribeLevels.Request describeRequest = new PerformanceDescribeLevels.Request();
    private final PerformanceDescribeLevels.Reply describeReply =
            new PerformanceDescribeLevels.Reply(PerformanceVersion.V4_0);
    private final PerformanceDescribeLevels.Reply describeReplyV1 =
            new PerformanceDescribeLevels.Reply(PerformanceVersion.V1_0);
    private final PerformanceLimitsSet.Request limitsSetRequest = new PerformanceLimitsSet.Request();
    private final PerformanceLimitsGet.Reply limitsGetReply = new PerformanceLimitsGet.Reply();
    private final PerformanceLevelSet.Request levelSetRequest = new PerformanceLevelSet.Request();
    private final PerformanceLevelGet.Reply levelGetReply = new PerformanceLevelGet.Reply();
    private final PerformanceNotifyLimits.Event limitsEvent = new PerformanceNotifyLimits.Event();
    private final PerformanceNotifyLevel.Event levelEvent = new PerformanceNotifyLevel.Event();

    private final Procedure followLimits = new Asking(this::askForLimits);
    private final Procedure followLevels = new Asking(this::askForLevel);

    /**
     * @param domains the performance domains; {@link #levelChanged} is to be told of their levels
     * @param names their names, in the same order
     * @param policies whose wishes for levels are followed
     * @param agents all agents
     */
    public PerformanceProtocol(
            List<? extends PerformanceDriver> domains, List<String> names, ArbitrationSpec policies, Agents agents) {
        super(
                PerformanceMessage.TABLE,
                PerformanceVersion.V4_0,
                ResourceKind.PERFORMANCE_DOMAIN,
                domains.size(),
                agents);
        this.domains = domains;
        lowestKnown = new int[domains.size()];
        highestKnown = domains.stream().mapToInt(domain -> domain.levels() - 1).toArray();
        arbitration = new Arbitration(
                this, policies, ResourceKind.PERFORMANCE_DOMAIN, names, LEVEL_ASKED, LEVEL, this::followLevels);
        on(PerformanceMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(PerformanceMessage.PERFORMANCE_DOMAIN_ATTRIBUTES, this::domainAttributes);
        on(PerformanceMessage.PERFORMANCE_DESCRIBE_LEVELS, this::describeLevels);
        on(PerformanceMessage.PERFORMANCE_LIMITS_SET, this::limitsSet);
        on(PerformanceMessage.PERFORMANCE_LIMITS_GET, this::askLimits, this::replyLimits);
        on(PerformanceMessage.PERFORMANCE_LEVEL_SET, this::levelSet);
        on(PerformanceMessage.PERFORMANCE_LEVEL_GET, this::askLevel, this::replyLevel);
        on(PerformanceMessage.PERFORMANCE_NOTIFY_LIMITS, call -> subscribe(call, LIMITS_CHANGED));
        on(PerformanceMessage.PERFORMANCE_NOTIFY_LEVEL, call -> subscribe(call, LEVEL_CHANGED));
        on(PerformanceMessage.PERFORMANCE_DOMAIN_NAME_GET, this::nameGet);
    }

    @Override
    public Section section() {
        return Section.of(id().id(), ResourceKind.PERFORMANCE_DOMAIN, STATE_WORDS, FLAGS_OF_STATE);
    }

    @Override
    protected int heldBy(Aspect aspect) {
        return switch (aspect) {
            case LEVEL -> LEVEL_ASKED;
            case LIMITS -> HIGHEST_SET | LOWEST_SET;
            default -> 0;
        };
    }

    private PerformanceDriver domainOf(AgentResource resource) {
        return domains.get(resource.index());
    }

    // ---- How levels are named.

    private static boolean isIndexed(PerformanceDriver domain, int version) {
        return domain.spec().levelIndexing() && ProtocolVersion.isAtLeast(version, PerformanceVersion.V4_0);
    }

    private static int nameOf(PerformanceDriver domain, int position, int version) {
        return isIndexed(domain, version)
                ? position + 1
                : (int) domain.spec().levels().get(position).level();
    }

    /** Whether a name is below the lowest level's or above the highest's. */
    private static boolean isOutside(PerformanceDriver domain, int name, int version) {
        return Integer.compareUnsigned(name, nameOf(domain, 0, version)) < 0
                || Integer.compareUnsigned(name, nameOf(domain, domain.levels() - 1, version)) > 0;
    }

    /** The highest level whose name is at most this, for a name that is not below the lowest. */
    private static int atMost(PerformanceDriver domain, int name, int version) {
        int position = domain.levels() - 1;
        while (Integer.compareUnsigned(nameOf(domain, position, version), name) > 0) {
            position--;
        }
        return position;
    }

    /** The lowest level whose name is at least this, for a name that is not above the highest. */
    private static int atLeast(PerformanceDriver domain, int name, int version) {
        int position = 0;
        while (Integer.compareUnsigned(nameOf(domain, position, version), name) < 0) {
            position++;
        }
        return position;
    }

    // ---- What there is.

    private int attributes(Call call) {
        boolean micro = ProtocolVersion.isAtLeast(call.version(), PerformanceVersion.V3_0);
        attributesReply
                .begin(call.reply(), call.header())
                .attributes(
                        view(call.agent()).size(), micro ? PowerUnit.MICROWATTS : PowerUnit.MILLIWATTS, call.version());
        return call.succeed(attributesReply.messageLength());
    }

    private int domainAttributes(Call call) {
        AgentResource resource = call.resource();
        PerformanceDriver domain = domainOf(resource);
        PerformanceLevelSpec sustained =
                domain.spec().levels().get(domain.spec().sustained());
        domainReply
                .begin(call.reply(), call.header())
                .attributes(attributesOf(call.agent(), resource), call.version())
                .rateLimit(domain.spec().rateLimitMicros())
                .sustainedFrequency((int) sustained.kilohertz())
                .sustainedLevel((int) sustained.level())
                .name(resource.name());
        return call.succeed(domainReply.messageLength());
    }

    private int attributesOf(Agent agent, AgentResource resource) {
        int attributes = 0;
        boolean isHeard = maySet(agent, resource);
        if (isHeard && resource.mayChange(Aspect.LIMITS)) {
            attributes |= PerformanceDomainAttributes.Reply.MAY_SET_LIMITS;
        }
        if (isHeard && resource.mayChange(Aspect.LEVEL)) {
            attributes |= PerformanceDomainAttributes.Reply.MAY_SET_LEVEL;
        }
        if (agent.hasEvents() && resource.mayBeNotified()) {
            attributes |=
                    PerformanceDomainAttributes.Reply.LIMITS_NOTIFY | PerformanceDomainAttributes.Reply.LEVEL_NOTIFY;
        }
        if (Names.needsExtended(resource.name())) {
            attributes |= PerformanceDomainAttributes.Reply.EXTENDED_NAME;
        }
        if (domainOf(resource).spec().levelIndexing()) {
            attributes |= PerformanceDomainAttributes.Reply.LEVEL_INDEXING;
        }
        return attributes;
    }

    private int describeLevels(Call call) {
        PerformanceDriver domain = domainOf(call.resource());
        boolean isNew = ProtocolVersion.isAtLeast(call.version(), PerformanceVersion.V4_0);
        int index = describeRequest.wrap(call.request()).levelIndex();
        int total = domain.levels();
        if (Integer.compareUnsigned(index, total) >= 0) {
            return isNew ? Status.Code.OUT_OF_RANGE : Status.Code.INVALID_PARAMETERS;
        }
        PerformanceDescribeLevels.Reply reply = isNew ? describeReply : describeReplyV1;
        int returned = Math.min(total - index, reply.capacity(call.capacity()));
        if (returned == 0) {
            return Status.Code.PROTOCOL_ERROR;
        }
        boolean micro = ProtocolVersion.isAtLeast(call.version(), PerformanceVersion.V3_0);
        reply.begin(call.reply(), call.header()).list(returned, total - index - returned);
        for (int i = 0; i < returned; i++) {
            PerformanceLevelSpec level = domain.spec().levels().get(index + i);
            reply.level(i, (int) level.level(), power(level, micro), level.latencyMicros())
                    .indexed(i, (int) level.kilohertz(), index + i + 1);
        }
        return call.succeed(reply.messageLength());
    }

    /** In microwatts, or in milliwatts rounded up, so that a power that is known is not 0. */
    private static int power(PerformanceLevelSpec level, boolean micro) {
        return (int) (micro ? level.microwatts() : (level.microwatts() + 999) / 1000);
    }

    // ---- Limits.

    private Outcome askLimits(Operation operation) {
        return domainOf(operation.resource()).readLimits(operation);
    }

    private int replyLimits(Operation operation) {
        Call call = operation.call();
        PerformanceDriver domain = domainOf(operation.resource());
        limitsGetReply
                .begin(call.reply(), call.header())
                .limits(
                        nameOf(domain, domain.highest(), call.version()),
                        nameOf(domain, domain.lowest(), call.version()));
        return call.succeed(limitsGetReply.messageLength());
    }

    private int limitsSet(Call call) {
        Agent agent = call.agent();
        AgentResource resource = call.resource();
        if (!maySet(agent, resource)) {
            return Status.Code.DENIED;
        }
        PerformanceDriver domain = domainOf(resource);
        limitsSetRequest.wrap(call.request());
        int max = limitsSetRequest.max();
        int min = limitsSetRequest.min();
        boolean mayLeave = ProtocolVersion.isAtLeast(call.version(), PerformanceVersion.V3_0);
        boolean setsMax = max != UNCHANGED || !mayLeave;
        boolean setsMin = min != UNCHANGED || !mayLeave;
        if (!setsMax && !setsMin) {
            return Status.Code.OUT_OF_RANGE;
        }
        int upper = setsMax ? max : nameOf(domain, highestOf(agent, resource), call.version());
        int lower = setsMin ? min : nameOf(domain, lowestOf(agent, resource), call.version());
        if (Integer.compareUnsigned(upper, lower) < 0) {
            return Status.Code.INVALID_PARAMETERS;
        }
        if (isOutside(domain, upper, call.version()) || isOutside(domain, lower, call.version())) {
            return Status.Code.OUT_OF_RANGE;
        }
        int highest = atMost(domain, upper, call.version());
        int lowest = atLeast(domain, lower, call.version());
        if (highest < lowest) {
            return Status.Code.INVALID_PARAMETERS; // both between the same two levels
        }
        ResourceState state = state(agent);
        if (setsMax) {
            state.put(resource.id(), HIGHEST, highest);
            state.set(HIGHEST_SET, resource.id(), true);
        }
        if (setsMin) {
            state.put(resource.id(), LOWEST, lowest);
            state.set(LOWEST_SET, resource.id(), true);
        }
        return call.operation().run(followLimits);
    }

    private int highestOf(Agent agent, AgentResource resource) {
        int last = domainOf(resource).levels() - 1;
        return state(agent).is(HIGHEST_SET, resource.id()) ? positionIn(agent, resource, HIGHEST) : last;
    }

    private int lowestOf(Agent agent, AgentResource resource) {
        return state(agent).is(LOWEST_SET, resource.id()) ? positionIn(agent, resource, LOWEST) : 0;
    }

    /** A level in the agent's state; within the domain's, whatever a damaged file says. */
    private int positionIn(Agent agent, AgentResource resource, int word) {
        return Math.clamp(
                state(agent).word(resource.id(), word), 0, domainOf(resource).levels() - 1);
    }

    /** Whether an agent's wishes are heard, and what its levels set may be set on its behalf. */
    private boolean maySet(Agent agent, AgentResource resource) {
        return arbitration.hears(agent, resource) && domainOf(resource).maySet(agent.behalf());
    }

    /** A domain follows what agents ask for; a rate that the clock does not take is no mistake of the agent's. */
    private static final class Asking extends Procedure {
        private final Question question;

        Asking(Question question) {
            this.question = question;
        }

        @Override
        protected Outcome ask(Operation operation) {
            return question.ask(operation);
        }

        @Override
        protected int statusOf(Outcome outcome) {
            return switch (outcome) {
                case UNSUPPORTED_RATE, OUT_OF_LIMITS -> Status.Code.GENERIC_ERROR;
                default -> super.statusOf(outcome);
            };
        }
    }

    private Outcome askForLimits(Operation operation) {
        int index = operation.resource().index();
        boolean changes = changesLimits(index);
        Outcome outcome = followLimits(index, operation);
        if (!changes && (outcome == Outcome.OK || outcome == Outcome.STARTED)) {
            tellIfOverruled(operation.agent(), operation.resource());
        }
        return outcome;
    }

    /** An agent whose limits are not what counts, since others have theirs, is told what does: its SUCCESS does not say so. */
    private void tellIfOverruled(Agent agent, AgentResource resource) {
        int highest = highestKnown[resource.index()];
        int lowest = lowestKnown[resource.index()];
        boolean isOverruled = highestOf(agent, resource) != highest || lowestOf(agent, resource) != lowest;
        if (isOverruled && resource.mayBeNotified() && state(agent).is(LIMITS_CHANGED, resource.id())) {
            int kind = PerformanceMessage.PERFORMANCE_LIMITS_CHANGED.id();
            tell(agent, kind, true, resource.id(), agent.id(), highest, lowest);
        }
    }

    /** What all agents allow becomes the domain's limits. */
    private Outcome followLimits(int index, Waiter waiter) {
        PerformanceDriver domain = domains.get(index);
        boolean changes = changesLimits(index);
        int highest = highestAllowed(index);
        int lowest = Math.min(lowestAllowed(index), highest);
        Outcome outcome = domain.setLimits(lowest, highest, waiter);
        if (changes && outcome != Outcome.BUSY) {
            noteLimits(index, lowest, highest);
            tellSubscribers(
                    PerformanceMessage.PERFORMANCE_LIMITS_CHANGED.id(), true, LIMITS_CHANGED, index, highest, lowest);
        }
        return outcome;
    }

    /** Whether what all agents allow is something else than what subscribers know of. */
    private boolean changesLimits(int index) {
        int highest = highestAllowed(index);
        return highest != highestKnown[index] || Math.min(lowestAllowed(index), highest) != lowestKnown[index];
    }

    private void noteLimits(int index, int lowest, int highest) {
        lowestKnown[index] = lowest;
        highestKnown[index] = highest;
    }

    private int highestAllowed(int index) {
        int highest = domains.get(index).levels() - 1;
        int place = holders().next(HIGHEST_SET, index, 0);
        for (; place != Holders.NOBODY; place = holders().next(HIGHEST_SET, index, place + 1)) {
            Agent agent = agents().get(place);
            AgentResource its = view(agent).of(index);
            if (its != null) {
                highest = Math.min(highest, highestOf(agent, its));
            }
        }
        return highest;
    }

    private int lowestAllowed(int index) {
        int lowest = 0;
        int place = holders().next(LOWEST_SET, index, 0);
        for (; place != Holders.NOBODY; place = holders().next(LOWEST_SET, index, place + 1)) {
            Agent agent = agents().get(place);
            AgentResource its = view(agent).of(index);
            if (its != null) {
                lowest = Math.max(lowest, lowestOf(agent, its));
            }
        }
        return lowest;
    }

    // ---- Levels.

    private Outcome askLevel(Operation operation) {
        return domainOf(operation.resource()).readLevel(operation);
    }

    private int replyLevel(Operation operation) {
        Call call = operation.call();
        PerformanceDriver domain = domainOf(operation.resource());
        levelGetReply.begin(call.reply(), call.header()).level(nameOf(domain, (int) operation.value(), call.version()));
        return call.succeed(levelGetReply.messageLength());
    }

    private int levelSet(Call call) {
        AgentResource resource = call.resource();
        if (!maySet(call.agent(), resource)) {
            return Status.Code.DENIED;
        }
        PerformanceDriver domain = domainOf(resource);
        int name = levelSetRequest.wrap(call.request()).level();
        if (isOutside(domain, name, call.version())) {
            return Status.Code.OUT_OF_RANGE;
        }
        int position = atMost(domain, name, call.version());
        if (nameOf(domain, position, call.version()) != name) {
            return Status.Code.INVALID_PARAMETERS;
        }
        if (position < domain.lowest() || position > domain.highest()) {
            return Status.Code.OUT_OF_RANGE;
        }
        note(call.agent(), resource, position);
        return call.operation().run(followLevels);
    }

    /** The agent's level counts from now on; unless the highest does, those of the others do not any more. */
    private void note(Agent agent, AgentResource resource, int position) {
        arbitration.note(agent, resource, position);
        if (!arbitration.isHighestFirst(resource.index())) {
            arbitration.forgetOthers(agent, resource);
        }
    }

    private Outcome askForLevel(Operation operation) {
        return followLevels(operation.resource().index(), operation);
    }

    /** What agents ask for becomes the domain's level, within its limits. */
    private Outcome followLevels(int index, Waiter waiter) {
        return domains.get(index).setLevel(wantedLevel(index), waiter);
    }

    /** Within the domain's levels, whatever a damaged file says. */
    private int wantedLevel(int index) {
        long wanted = arbitration.highest(index);
        return wanted == Arbitration.NONE
                ? PerformanceDriver.NOTHING
                : Math.clamp(wanted, 0, domains.get(index).levels() - 1);
    }

    // ---- Notifications.

    /** A domain has another level, whoever changed it. */
    public void levelChanged(int domain, int level) {
        tellSubscribers(PerformanceMessage.PERFORMANCE_LEVEL_CHANGED.id(), true, LEVEL_CHANGED, domain, level, 0);
    }

    @Override
    public int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
        boolean isLimits = entry.kind() == PerformanceMessage.PERFORMANCE_LIMITS_CHANGED.id();
        if (!state(agent).is(isLimits ? LIMITS_CHANGED : LEVEL_CHANGED, entry.resource())) {
            return 0;
        }
        PerformanceDriver domain = domainOf(view(agent).at(entry.resource()));
        int version = versionFor(agent);
        int first = nameOf(domain, (int) entry.first(), version);
        return isLimits
                ? limitsEvent
                        .begin(into, 0)
                        .agent(entry.causer())
                        .domain(entry.resource())
                        .limits(first, nameOf(domain, (int) entry.second(), version))
                        .messageLength()
                : levelEvent
                        .begin(into, 0)
                        .agent(entry.causer())
                        .domain(entry.resource())
                        .level(first)
                        .messageLength();
    }

    // ---- Coming and going of agents.

    @Override
    protected int subscriptions() {
        return LIMITS_CHANGED | LEVEL_CHANGED;
    }

    @Override
    protected void release(Agent agent, AgentResource domain) {
        boolean hadLevel = arbitration.forget(agent, domain);
        boolean hadLimits = forgetLimits(agent, domain);
        state(agent).clear(domain.id());
        follow(domain.index(), hadLevel, hadLimits);
    }

    @Override
    protected void release(Agent agent, AgentResource domain, Aspect aspect) {
        boolean hadLevel = aspect == Aspect.LEVEL && arbitration.forget(agent, domain);
        boolean hadLimits = aspect == Aspect.LIMITS && forgetLimits(agent, domain);
        follow(domain.index(), hadLevel, hadLimits);
    }

    private boolean forgetLimits(Agent agent, AgentResource domain) {
        ResourceState state = state(agent);
        boolean did = state.is(HIGHEST_SET | LOWEST_SET, domain.id());
        if (did) {
            state.set(HIGHEST_SET | LOWEST_SET, domain.id(), false);
            state.put(domain.id(), HIGHEST, 0);
            state.put(domain.id(), LOWEST, 0);
        }
        return did;
    }

    private void follow(int index, boolean level, boolean itsLimits) {
        if (level) {
            arbitration.follow(index);
        }
        if (itsLimits) {
            limits.follow(index);
        }
    }

    @Override
    protected void restore(Agent agent, AgentResource domain, boolean apply) {
        if (!state(agent).is(LEVEL_ASKED | HIGHEST_SET | LOWEST_SET, domain.id())) {
            return;
        }
        int index = domain.index();
        int highest = highestAllowed(index);
        int lowest = Math.min(lowestAllowed(index), highest);
        domains.get(index).restore(wantedLevel(index), lowest, highest);
        noteLimits(index, lowest, highest);
        if (apply) {
            domains.get(index).setLimits(lowest, highest, Waiter.NOBODY);
        }
    }
}
