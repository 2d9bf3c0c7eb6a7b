// The Performance protocol: what an agent may ask of its performance domains, and what it is told of them.
package org.scmid.server.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.performance.PerformanceLevelSpec;
import org.scmid.config.resource.ResourceKind;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.performance.PerformanceDomain;
import org.scmid.platform.performance.PerformanceDomains;
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
final class PerformanceProtocol extends Protocol {
    private static final System.Logger LOG = System.getLogger(PerformanceProtocol.class.getName());

    /** Flags of a domain in the agent's state. */
    static final int LIMITS_CHANGED = 1;

    static final int LEVEL_CHANGED = 1 << 1;

    /** The agent has asked for a level, and that counts. */
    static final int LEVEL_ASKED = 1 << 2;

    static final int HIGHEST_SET = 1 << 3;
    static final int LOWEST_SET = 1 << 4;

    private static final int FLAGS_OF_STATE = LIMITS_CHANGED | LEVEL_CHANGED | LEVEL_ASKED | HIGHEST_SET | LOWEST_SET;

    // Words of a domain in the agent's state, after its flags: positions of levels.
    private static final int LEVEL = 1;
    private static final int HIGHEST = 2;
    private static final int LOWEST = 3;
    private static final int STATE_WORDS = 4;

    private static final int UNKNOWN = -1;

    /** In a word of PERFORMANCE_LIMITS_SET: the limit stays as it is. */
    private static final int UNCHANGED = 0;

    private final PerformanceDomains domains;
    private final ArbitrationPolicy[] policies; // by the domain's index

    /** By domain: the level that agents know of, and who caused the change that is under way. */
    private final int[] knownLevels;

    private final @Nullable Agent[] causers;

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

    /**
     * @param domains the performance domains; this protocol is their listener from now on
     * @param arbitration whose wishes for levels are followed
     * @param agents all agents; may still grow while the service is put together
     */
    PerformanceProtocol(PerformanceDomains domains, ArbitrationSpec arbitration, Agents agents) {
        super(PerformanceMessage.TABLE, PerformanceVersion.V4_0, ResourceKind.PERFORMANCE_DOMAIN, agents);
        this.domains = domains;
        policies = domains.domains().stream()
                .map(domain -> arbitration.policy(ResourceKind.PERFORMANCE_DOMAIN, domain.name()))
                .toArray(ArbitrationPolicy[]::new);
        knownLevels = new int[policies.length];
        Arrays.fill(knownLevels, UNKNOWN);
        causers = new Agent[policies.length];
        domains.setListener(this::changeEnded);
        on(PerformanceMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(PerformanceMessage.PERFORMANCE_DOMAIN_ATTRIBUTES, this::domainAttributes);
        on(PerformanceMessage.PERFORMANCE_DESCRIBE_LEVELS, this::describeLevels);
        on(PerformanceMessage.PERFORMANCE_LIMITS_SET, this::limitsSet);
        on(PerformanceMessage.PERFORMANCE_LIMITS_GET, this::limitsGet);
        on(PerformanceMessage.PERFORMANCE_LEVEL_SET, this::levelSet);
        on(PerformanceMessage.PERFORMANCE_LEVEL_GET, this::levelGet);
        on(PerformanceMessage.PERFORMANCE_NOTIFY_LIMITS, call -> subscribe(call, LIMITS_CHANGED));
        on(PerformanceMessage.PERFORMANCE_NOTIFY_LEVEL, this::notifyLevel);
        on(PerformanceMessage.PERFORMANCE_DOMAIN_NAME_GET, this::nameGet);
    }

    @Override
    AgentState.Section section(int resources) {
        return new AgentState.Section(id().id(), resources, STATE_WORDS, FLAGS_OF_STATE);
    }

    private PerformanceDomain domainOf(AgentResource resource) {
        return domains.domains().get(resource.index());
    }

    // ---- How levels are named.

    private static boolean isIndexed(PerformanceDomain domain, int version) {
        return domain.spec().levelIndexing() && ProtocolVersion.isAtLeast(version, PerformanceVersion.V4_0);
    }

    private static int nameOf(PerformanceDomain domain, int position, int version) {
        return isIndexed(domain, version)
                ? position + 1
                : (int) domain.spec().levels().get(position).level();
    }

    /** Whether a name is below the lowest level's or above the highest's. */
    private static boolean isOutside(PerformanceDomain domain, int name, int version) {
        return Integer.compareUnsigned(name, nameOf(domain, 0, version)) < 0
                || Integer.compareUnsigned(name, nameOf(domain, domain.levels() - 1, version)) > 0;
    }

    /** The highest level whose name is at most this, for a name that is not below the lowest. */
    private static int atMost(PerformanceDomain domain, int name, int version) {
        int position = domain.levels() - 1;
        while (Integer.compareUnsigned(nameOf(domain, position, version), name) > 0) {
            position--;
        }
        return position;
    }

    /** The lowest level whose name is at least this, for a name that is not above the highest. */
    private static int atLeast(PerformanceDomain domain, int name, int version) {
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
        PerformanceDomain domain = domainOf(resource);
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
        if (resource.mayBeControlled() && mayDecide(agent, resource)) {
            attributes |=
                    PerformanceDomainAttributes.Reply.MAY_SET_LIMITS | PerformanceDomainAttributes.Reply.MAY_SET_LEVEL;
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
        PerformanceDomain domain = domainOf(call.resource());
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

    private int limitsGet(Call call) {
        PerformanceDomain domain = domainOf(call.resource());
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
        if (!mayDecide(agent, resource)) {
            return Status.Code.DENIED;
        }
        PerformanceDomain domain = domainOf(resource);
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
        return followLimits(resource.index()) ? Status.Code.SUCCESS : Status.Code.GENERIC_ERROR;
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

    /** What all agents allow becomes the domain's limits. */
    private boolean followLimits(int index) {
        PerformanceDomain domain = domains.domains().get(index);
        int highest = highestAllowed(index);
        int lowest = Math.min(lowestAllowed(index), highest);
        boolean changed = highest != domain.highest() || lowest != domain.lowest();
        causers[index] = agents().acting();
        boolean reached = domain.limit(lowest, highest);
        if (changed) {
            tellOthers(
                    PerformanceMessage.PERFORMANCE_LIMITS_CHANGED.id(), true, LIMITS_CHANGED, index, highest, lowest);
        }
        return reached;
    }

    private int highestAllowed(int index) {
        int highest = domains.domains().get(index).levels() - 1;
        for (int i = 0; i < agents().count(); i++) {
            AgentResource its = view(agents().get(i)).of(index);
            if (its != null) {
                highest = Math.min(highest, highestOf(agents().get(i), its));
            }
        }
        return highest;
    }

    private int lowestAllowed(int index) {
        int lowest = 0;
        for (int i = 0; i < agents().count(); i++) {
            AgentResource its = view(agents().get(i)).of(index);
            if (its != null) {
                lowest = Math.max(lowest, lowestOf(agents().get(i), its));
            }
        }
        return lowest;
    }

    // ---- Levels.

    private int levelGet(Call call) {
        PerformanceDomain domain = domainOf(call.resource());
        levelGetReply.begin(call.reply(), call.header()).level(nameOf(domain, domain.level(), call.version()));
        return call.succeed(levelGetReply.messageLength());
    }

    private int levelSet(Call call) {
        AgentResource resource = call.resource();
        if (!mayDecide(call.agent(), resource)) {
            return Status.Code.DENIED;
        }
        PerformanceDomain domain = domainOf(resource);
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
        return followLevels(resource.index()) ? Status.Code.SUCCESS : Status.Code.GENERIC_ERROR;
    }

    /** Whether the agent's wishes are heard at all. */
    private boolean mayDecide(Agent agent, AgentResource resource) {
        return !(policies[resource.index()] instanceof ArbitrationPolicy.Owner owner)
                || owner.agent().equals(agent.name());
    }

    /** The agent's level counts from now on; unless the highest does, those of the others do not any more. */
    private void note(Agent agent, AgentResource resource, int position) {
        state(agent).put(resource.id(), LEVEL, position);
        state(agent).set(LEVEL_ASKED, resource.id(), true);
        if (policies[resource.index()] instanceof ArbitrationPolicy.Highest) {
            return;
        }
        for (int i = 0; i < agents().count(); i++) {
            Agent other = agents().get(i);
            AgentResource its = view(other).of(resource.index());
            if (other != agent && its != null) {
                state(other).set(LEVEL_ASKED, its.id(), false);
            }
        }
    }

    /** What agents ask for becomes the domain's level, within its limits. */
    private boolean followLevels(int index) {
        causers[index] = agents().acting();
        return domains.domains().get(index).ask(wantedLevel(index));
    }

    private int wantedLevel(int index) {
        int wanted = PerformanceDomain.NOTHING;
        for (int i = 0; i < agents().count(); i++) {
            Agent agent = agents().get(i);
            AgentResource its = view(agent).of(index);
            if (its != null && state(agent).is(LEVEL_ASKED, its.id())) {
                wanted = Math.max(wanted, positionIn(agent, its, LEVEL));
            }
        }
        return wanted;
    }

    // ---- Notifications.

    private int notifyLevel(Call call) {
        int status = subscribe(call, LEVEL_CHANGED);
        int index = call.resource().index();
        if (status == Status.Code.SUCCESS && knownLevels[index] == UNKNOWN) {
            knownLevels[index] = domains.domains().get(index).level();
        }
        return status;
    }

    /** Who causes what a clock's change brings: a change of level that had to wait belongs to who asked for it. */
    @Nullable
    Agent causerOf(Clock clock) {
        PerformanceDomain domain = domains.ofClock(clock);
        Agent acting = agents().acting();
        return acting == null && domain != null && domain.isChanging() ? causers[domain.index()] : acting;
    }

    /** Who asked for the change of level that has just changed the clock. */
    @Nullable
    Agent causerOf(PerformanceDomain domain) {
        return causers[domain.index()];
    }

    /** A clock has another rate, whoever changed it. */
    void rateChanged(Clock clock) {
        PerformanceDomain domain = domains.ofClock(clock);
        if (domain == null) {
            return;
        }
        domain.clockChanged();
        int level = domain.level();
        int index = domain.index();
        if (level != knownLevels[index]) {
            knownLevels[index] = level;
            tellOthers(PerformanceMessage.PERFORMANCE_LEVEL_CHANGED.id(), true, LEVEL_CHANGED, index, level, 0);
        }
    }

    private void changeEnded(PerformanceDomain domain, boolean reached) {
        if (!reached) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "performance domain " + domain.name() + " stays at level " + domain.level() + ": clock "
                            + domain.clock().name() + " refused the rate that was asked for");
        }
    }

    @Override
    int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
        boolean isLimits = entry.kind() == PerformanceMessage.PERFORMANCE_LIMITS_CHANGED.id();
        if (!state(agent).is(isLimits ? LIMITS_CHANGED : LEVEL_CHANGED, entry.resource())) {
            return 0;
        }
        PerformanceDomain domain = domainOf(view(agent).at(entry.resource()));
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
    void release(Agent agent) {
        ResourceView its = view(agent);
        for (int id = 0; id < its.size(); id++) {
            boolean hadLevel = state(agent).is(LEVEL_ASKED, id);
            boolean hadLimits = state(agent).is(HIGHEST_SET | LOWEST_SET, id);
            state(agent).clear(id);
            int index = its.at(id).index();
            if (hadLevel) {
                followLevels(index);
            }
            if (hadLimits) {
                followLimits(index);
            }
            if (causers[index] == agent) {
                causers[index] = null;
            }
        }
    }

    @Override
    void restore(Agent agent, boolean apply) {
        ResourceView its = view(agent);
        for (int id = 0; id < its.size(); id++) {
            if (state(agent).is(LEVEL_ASKED | HIGHEST_SET | LOWEST_SET, id)) {
                restore(its.at(id).index(), apply);
            }
        }
    }

    private void restore(int index, boolean apply) {
        PerformanceDomain domain = domains.domains().get(index);
        int highest = highestAllowed(index);
        int lowest = Math.min(lowestAllowed(index), highest);
        domain.restore(wantedLevel(index), lowest, highest);
        if (apply) {
            domain.limit(lowest, highest);
        }
    }
}
