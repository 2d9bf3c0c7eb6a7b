// The Voltage protocol: what an agent may ask of its supplies.
package org.scmid.server.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.resource.ResourceKind;
import org.scmid.platform.voltage.VoltageDomain;
import org.scmid.platform.voltage.VoltageDomains;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.voltage.VoltageConfig;
import org.scmid.protocol.voltage.VoltageConfigGet;
import org.scmid.protocol.voltage.VoltageConfigSet;
import org.scmid.protocol.voltage.VoltageDescribeLevels;
import org.scmid.protocol.voltage.VoltageDomainAttributes;
import org.scmid.protocol.voltage.VoltageLevelGet;
import org.scmid.protocol.voltage.VoltageLevelSet;
import org.scmid.protocol.voltage.VoltageMessage;
import org.scmid.protocol.voltage.VoltageProtocolAttributes;
import org.scmid.protocol.voltage.VoltageVersion;

/**
 * The Voltage protocol 2.1, and 2.0 and 1.0 for agents that negotiate them (DEN0056, "Voltage domain management
 * protocol").
 *
 * <p>Switching on is a vote, one for each agent and supply, as for clocks. There is one level for all agents; whose wish
 * it follows is the supply's {@link ArbitrationPolicy}. The level of a supply that a performance domain sets is that
 * domain's affair: agents may read it.
 *
 * <p>A supply needs time after a change. The reply to a command that changed it comes when it has settled, and so does
 * the delayed response of one that was asynchronous.
 */
final class VoltageProtocol extends Protocol {
    private static final System.Logger LOG = System.getLogger(VoltageProtocol.class.getName());

    /** Flags of a supply in the agent's state. */
    static final int VOTE = 1;

    /** The agent's wish for the level counts: for supplies with the policy {@link ArbitrationPolicy.Highest} only. */
    static final int WISH = 1 << 1;

    // Words of a supply in the agent's state, after its flags.
    private static final int WISH_LEVEL = 1;
    private static final int STATE_WORDS = 2;

    private static final int NOBODY = -1;

    private final VoltageDomains domains;
    private final ArbitrationPolicy[] policies; // by the supply's index

    /** By agent, from 0: the supply that its last command waits for, or {@link #NOBODY}, and the ticket. */
    private int[] waitsFor = new int[0];

    private int[] tickets = new int[0];
    private @Nullable Call[] waiting = new Call[0];

    private final VoltageProtocolAttributes.Reply attributesReply = new VoltageProtocolAttributes.Reply();
    private final VoltageDomainAttributes.Reply domainReply = new VoltageDomainAttributes.Reply();
    private final VoltageDescribeLevels.Request describeRequest = new VoltageDescribeLevels.Request();
    private final VoltageDescribeLevels.Reply describeReply = new VoltageDescribeLevels.Reply();
    private final VoltageConfigSet.Request configSetRequest = new VoltageConfigSet.Request();
    private final VoltageConfigGet.Reply configGetReply = new VoltageConfigGet.Reply();
    private final VoltageLevelSet.Request levelSetRequest = new VoltageLevelSet.Request();
    private final VoltageLevelSet.Delayed levelSetDelayed = new VoltageLevelSet.Delayed();
    private final VoltageLevelGet.Reply levelGetReply = new VoltageLevelGet.Reply();

    /**
     * @param domains the supplies; this protocol is their listener from now on
     * @param arbitration whose wishes for levels are followed
     * @param agents all agents; may still grow while the service is put together
     */
    VoltageProtocol(VoltageDomains domains, ArbitrationSpec arbitration, Agents agents) {
        super(VoltageMessage.TABLE, VoltageVersion.V2_1, ResourceKind.VOLTAGE_DOMAIN, agents);
        this.domains = domains;
        policies = domains.domains().stream()
                .map(domain -> arbitration.policy(ResourceKind.VOLTAGE_DOMAIN, domain.name()))
                .toArray(ArbitrationPolicy[]::new);
        domains.setListener(this::settled);
        on(VoltageMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(VoltageMessage.VOLTAGE_DOMAIN_ATTRIBUTES, this::domainAttributes);
        on(VoltageMessage.VOLTAGE_DESCRIBE_LEVELS, this::describeLevels);
        on(VoltageMessage.VOLTAGE_CONFIG_SET, this::configSet);
        on(VoltageMessage.VOLTAGE_CONFIG_GET, this::configGet);
        on(VoltageMessage.VOLTAGE_LEVEL_SET, this::levelSet);
        on(VoltageMessage.VOLTAGE_LEVEL_GET, this::levelGet);
        on(VoltageMessage.VOLTAGE_DOMAIN_NAME_GET, this::nameGet);
    }

    @Override
    AgentState.Section section(int resources) {
        return new AgentState.Section(id().id(), resources, STATE_WORDS, VOTE | WISH);
    }

    private VoltageDomain domainOf(AgentResource resource) {
        return domains.domains().get(resource.index());
    }

    // ---- What there is.

    private int attributes(Call call) {
        attributesReply
                .begin(call.reply(), call.header())
                .domains(view(call.agent()).size());
        return call.succeed(attributesReply.messageLength());
    }

    private int domainAttributes(Call call) {
        AgentResource resource = call.resource();
        int attributes = mayBeAsynchronous(call.agent(), resource) ? VoltageDomainAttributes.Reply.ASYNC_LEVEL_SET : 0;
        if (Names.needsExtended(resource.name())) {
            attributes |= VoltageDomainAttributes.Reply.EXTENDED_NAME;
        }
        domainReply
                .begin(call.reply(), call.header())
                .attributes(attributes, call.version())
                .name(resource.name());
        return call.succeed(domainReply.messageLength());
    }

    private boolean mayBeAsynchronous(Agent agent, AgentResource resource) {
        return agent.hasEvents() && domainOf(resource).isAsynchronous();
    }

    private int describeLevels(Call call) {
        VoltageDomain domain = domainOf(call.resource());
        int index = describeRequest.wrap(call.request()).levelIndex();
        return domain.isRange() ? describeRange(call, domain, index) : describeList(call, domain, index);
    }

    private int describeRange(Call call, VoltageDomain domain, int index) {
        if (index != 0) {
            return Status.Code.OUT_OF_RANGE;
        }
        if (VoltageDescribeLevels.Reply.capacity(call.capacity()) < VoltageDescribeLevels.Reply.RANGE_VALUES) {
            return Status.Code.PROTOCOL_ERROR; // half a range says nothing
        }
        describeReply
                .begin(call.reply(), call.header())
                .range(domain.levelAt(0), domain.levelAt(domain.levels() - 1), domain.step());
        return call.succeed(describeReply.messageLength());
    }

    private int describeList(Call call, VoltageDomain domain, int index) {
        int total = domain.levels();
        if (Integer.compareUnsigned(index, total) >= 0) {
            return Status.Code.OUT_OF_RANGE;
        }
        int returned = Math.min(total - index, VoltageDescribeLevels.Reply.capacity(call.capacity()));
        if (returned == 0) {
            return Status.Code.PROTOCOL_ERROR;
        }
        describeReply.begin(call.reply(), call.header()).list(returned, total - index - returned);
        for (int i = 0; i < returned; i++) {
            describeReply.level(i, domain.levelAt(index + i));
        }
        return call.succeed(describeReply.messageLength());
    }

    // ---- Levels.

    private int levelGet(Call call) {
        int level = domainOf(call.resource()).level();
        if (level == VoltageDomain.UNKNOWN) {
            return Status.Code.GENERIC_ERROR; // the register holds what the board file does not know
        }
        levelGetReply.begin(call.reply(), call.header()).level(level);
        return call.succeed(levelGetReply.messageLength());
    }

    private int levelSet(Call call) {
        AgentResource resource = call.resource();
        VoltageDomain domain = domainOf(resource);
        if (domain.hasConsumers() || !mayDecide(call.agent(), resource)) {
            return Status.Code.DENIED;
        }
        levelSetRequest.wrap(call.request());
        int flags = levelSetRequest.flags();
        boolean isAsync = (flags & VoltageLevelSet.Request.FLAG_ASYNC) != 0
                && ProtocolVersion.isAtLeast(call.version(), VoltageVersion.V2_0);
        if (isAsync && !mayBeAsynchronous(call.agent(), resource)) {
            return Status.Code.NOT_SUPPORTED;
        }
        if ((flags & VoltageLevelSet.Request.reservedFlags(call.version())) != 0
                || !domain.isLevel(levelSetRequest.level())) {
            return Status.Code.INVALID_PARAMETERS;
        }
        if (isAsync) {
            return acceptAsync(call, flags, levelSetRequest.level());
        }
        wish(call.agent(), resource, levelSetRequest.level());
        return whenSettled(call, domain);
    }

    /** The agent wants a level: it is set, unless another agent wants a higher one and that counts. */
    private void wish(Agent agent, AgentResource resource, int microvolts) {
        if (!(policies[resource.index()] instanceof ArbitrationPolicy.Highest)) {
            domainOf(resource).setLevel(microvolts);
            return;
        }
        ResourceState state = state(agent);
        state.put(resource.id(), WISH_LEVEL, microvolts); // one word: it was a wish before, or is none yet
        state.set(WISH, resource.id(), true);
        followWishes(resource.index());
    }

    private void followWishes(int index) {
        int highest = VoltageDomain.UNKNOWN;
        for (int i = 0; i < agents().count(); i++) {
            Agent agent = agents().get(i);
            AgentResource its = view(agent).of(index);
            if (its != null && state(agent).is(WISH, its.id())) {
                highest = Math.max(highest, state(agent).word(its.id(), WISH_LEVEL));
            }
        }
        if (highest != VoltageDomain.UNKNOWN) {
            domains.domains().get(index).setLevel(highest);
        }
    }

    /** Whether the agent's wishes for the level are heard at all. */
    private boolean mayDecide(Agent agent, AgentResource resource) {
        return !(policies[resource.index()] instanceof ArbitrationPolicy.Owner owner)
                || owner.agent().equals(agent.name());
    }

    @Override
    int carryOut(Agent agent, int slot) {
        AgentState state = agent.state();
        AgentResource resource = view(agent).at(state.pendingResource(slot));
        wish(agent, resource, (int) state.pendingWanted(slot));
        return domainOf(resource).isSettling() ? NOT_YET : Status.Code.SUCCESS;
    }

    @Override
    long result(Agent agent, int slot) {
        return domainOf(view(agent).at(agent.state().pendingResource(slot))).level();
    }

    @Override
    int renderDelayed(Agent agent, int slot, MessageBuffer into) {
        AgentState state = agent.state();
        levelSetDelayed
                .begin(into, state.pendingHeader(slot))
                .domain(state.pendingResource(slot))
                .level((int) state.pendingResult(slot));
        return levelSetDelayed.messageLength();
    }

    // ---- On and off.

    private int configGet(Call call) {
        boolean on = domainOf(call.resource()).isEnabled();
        configGetReply.begin(call.reply(), call.header()).config(on ? VoltageConfig.ON : VoltageConfig.OFF);
        return call.succeed(configGetReply.messageLength());
    }

    /** The one mode of a vendor that there is, 0, is another word for off. */
    private int configSet(Call call) {
        AgentResource resource = call.resource();
        switch (configSetRequest.wrap(call.request()).config()) {
            case VoltageConfig.ON -> enable(call.agent(), resource);
            case VoltageConfig.OFF, VoltageConfig.VENDOR -> disable(call.agent(), resource);
            default -> {
                return Status.Code.INVALID_PARAMETERS;
            }
        }
        return whenSettled(call, domainOf(resource));
    }

    // In both, what is in between if the service is killed is "the supply is on and this agent does not vote"; the
    // command was not answered then, and comes again.

    private void enable(Agent agent, AgentResource resource) {
        if (!resource.isCounted()) {
            domainOf(resource).acquire();
            resource.setCounted(true);
        }
        state(agent).set(VOTE, resource.id(), true);
    }

    private void disable(Agent agent, AgentResource resource) {
        state(agent).set(VOTE, resource.id(), false);
        if (resource.isCounted()) {
            resource.setCounted(false);
            domainOf(resource).release();
        } else if (domainOf(resource).users() == 0) {
            domainOf(resource).release(); // left on since before us
        }
    }

    // ---- Time.

    /** The reply, now or when the supply has settled. */
    private int whenSettled(Call call, VoltageDomain domain) {
        if (!domain.isSettling()) {
            return Status.Code.SUCCESS;
        }
        int place = placeOf(call.agent());
        waiting[place] = call;
        tickets[place] = call.defer();
        waitsFor[place] = domain.index();
        return Call.DEFERRED;
    }

    private int placeOf(Agent agent) {
        int place = agent.id() - 1;
        if (place >= waitsFor.length) {
            int before = waitsFor.length;
            waitsFor = Arrays.copyOf(waitsFor, agents().count());
            Arrays.fill(waitsFor, before, waitsFor.length, NOBODY);
            tickets = Arrays.copyOf(tickets, waitsFor.length);
            waiting = Arrays.copyOf(waiting, waitsFor.length);
        }
        return place;
    }

    /** The supplies' listener: who waited for this one goes on. */
    private void settled(VoltageDomain domain) {
        for (int place = 0; place < waitsFor.length; place++) {
            Call call = waiting[place];
            if (waitsFor[place] == domain.index() && call != null) {
                waitsFor[place] = NOBODY;
                call.complete(tickets[place], Status.Code.SUCCESS);
            }
        }
        // What was answered just now may have begun another change: that one has not settled.
        for (int i = 0; i < agents().count() && !domain.isSettling(); i++) {
            finishAsynchronous(agents().get(i), domain);
        }
    }

    private void finishAsynchronous(Agent agent, VoltageDomain domain) {
        AgentState state = agent.state();
        for (int slot = 0; slot < AgentState.MAX_PENDING; slot++) {
            int sequence = state.sequence(slot);
            boolean isOurs = state.begun(sequence) == slot && Header.protocolId(state.pendingHeader(slot)) == id().id();
            if (isOurs && view(agent).at(state.pendingResource(slot)).index() == domain.index()) {
                finish(agent, sequence, Status.Code.SUCCESS, domain.level());
            }
        }
    }

    // ---- Coming and going of agents.

    @Override
    void release(Agent agent) {
        ResourceView supplies = view(agent);
        for (int id = 0; id < supplies.size(); id++) {
            AgentResource resource = supplies.at(id);
            if (state(agent).is(WISH, id)) {
                state(agent).set(WISH, id, false);
                state(agent).put(id, WISH_LEVEL, 0);
                followWishes(resource.index());
            }
            if (state(agent).is(VOTE, id)) {
                state(agent).set(VOTE, id, false);
                if (resource.isCounted()) {
                    resource.setCounted(false);
                    domainOf(resource).release();
                }
            }
        }
    }

    /** Has the supplies count the votes. One that is on is not written; one that somebody switched off is left so. */
    @Override
    void restore(Agent agent, boolean apply) {
        ResourceView supplies = view(agent);
        for (int id = 0; id < supplies.size(); id++) {
            AgentResource resource = supplies.at(id);
            if (apply && state(agent).is(WISH, id)) {
                followWishes(resource.index());
            }
            if (!state(agent).is(VOTE, id)) {
                continue;
            }
            if (apply || domainOf(resource).isEnabled()) {
                domainOf(resource).acquire();
                resource.setCounted(true);
            } else {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "agent " + agent.name() + " has switched supply " + resource.name()
                                + " on, but its register says it is off; it is left so");
            }
        }
    }
}
