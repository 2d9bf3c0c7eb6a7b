// The Voltage protocol: what an agent may ask of its supplies.
package org.scmid.server.core.voltage;

import java.util.List;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.VoltageDriver;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Names;
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
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.agent.Call;
import org.scmid.server.core.agent.Operation;
import org.scmid.server.core.agent.Procedure;
import org.scmid.server.core.protocol.Arbitration;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.server.core.protocol.Votes;
import org.scmid.server.core.state.AgentState;
import org.scmid.server.core.state.Section;

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
public final class VoltageProtocol extends Protocol {
    /** Flags of a supply in the agent's state. */
    public static final int VOTE = 1;

    /** The agent's wish for the level counts: for supplies with the policy {@link ArbitrationPolicy.Highest} only. */
    static final int WISH = 1 << 1;

    /** The agent asked for off, see {@link Votes}. */
    static final int ASKED_OFF = 1 << 2;

    private static final int FLAGS_OF_STATE = VOTE | WISH | ASKED_OFF;

    // Words of a supply in the agent's state, after its flags.
    private static final int WISH_LEVEL = 2; // and 3
    private static final int STATE_WORDS = 4;

    private final List<? extends VoltageDriver> supplies;
    private final Votes votes;
    private final Arbitration arbitration;

    private final VoltageProtocolAttributes.Reply attributesReply = new VoltageProtocolAttributes.Reply();
    private final VoltageDomainAttributes.Reply domainReply = new VoltageDomainAttributes.Reply();
    private final VoltageDescribeLevels.Request describeRequest = new VoltageDescribeLevels.Request();
    private final VoltageDescribeLevels.Reply describeReply = new VoltageDescribeLevels.Reply();
    private final VoltageConfigSet.Request configSetRequest = new VoltageConfigSet.Request();
    private final VoltageConfigGet.Reply configGetReply = new VoltageConfigGet.Reply();
    private final VoltageLevelSet.Request levelSetRequest = new VoltageLevelSet.Request();
    private final VoltageLevelSet.Delayed levelSetDelayed = new VoltageLevelSet.Delayed();
    private final VoltageLevelGet.Reply levelGetReply = new VoltageLevelGet.Reply();

    private final Procedure readReachedLevel =
            Procedure.reading(this::askReachedLevel, operation -> Status.Code.SUCCESS);
    private final Procedure setLevel = new LevelSetting();

    /**
     * @param supplies the supplies
     * @param names their names, in the same order
     * @param policies whose wishes for levels are followed
     * @param agents all agents
     */
    public VoltageProtocol(
            List<? extends VoltageDriver> supplies, List<String> names, ArbitrationSpec policies, Agents agents) {
        super(VoltageMessage.TABLE, VoltageVersion.V2_1, ResourceKind.VOLTAGE_DOMAIN, supplies.size(), agents);
        this.supplies = supplies;
        votes = new Votes(this, this::supplyOf, VOTE, ASKED_OFF);
        arbitration = new Arbitration(
                this, policies, ResourceKind.VOLTAGE_DOMAIN, names, WISH, WISH_LEVEL, this::followWishes);
        on(VoltageMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(VoltageMessage.VOLTAGE_DOMAIN_ATTRIBUTES, this::domainAttributes);
        on(VoltageMessage.VOLTAGE_DESCRIBE_LEVELS, this::describeLevels);
        on(VoltageMessage.VOLTAGE_CONFIG_SET, this::configSet);
        on(VoltageMessage.VOLTAGE_CONFIG_GET, this::askState, this::replyConfig);
        on(VoltageMessage.VOLTAGE_LEVEL_SET, this::levelSet);
        on(VoltageMessage.VOLTAGE_LEVEL_GET, this::askLevel, this::replyLevel);
        on(VoltageMessage.VOLTAGE_DOMAIN_NAME_GET, this::nameGet);
    }

    @Override
    public Section section() {
        return Section.of(id().id(), ResourceKind.VOLTAGE_DOMAIN, STATE_WORDS, FLAGS_OF_STATE);
    }

    @Override
    protected int heldBy(Aspect aspect) {
        return switch (aspect) {
            case STATE -> VOTE | ASKED_OFF;
            case LEVEL -> WISH;
            default -> 0;
        };
    }

    private VoltageDriver supplyOf(AgentResource resource) {
        return supplies.get(resource.index());
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
        boolean isAsync = resource.mayChange(Aspect.LEVEL) && mayBeAsynchronous(call.agent(), resource);
        int attributes = isAsync ? VoltageDomainAttributes.Reply.ASYNC_LEVEL_SET : 0;
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
        return agent.hasEvents() && supplyOf(resource).isAsynchronous();
    }

    private int describeLevels(Call call) {
        VoltageDriver domain = supplyOf(call.resource());
        int index = describeRequest.wrap(call.request()).levelIndex();
        return domain.isRange() ? describeRange(call, domain, index) : describeList(call, domain, index);
    }

    private int describeRange(Call call, VoltageDriver domain, int index) {
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

    private int describeList(Call call, VoltageDriver domain, int index) {
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

    /** {@link Outcome#UNKNOWN_STATE}: the register holds what the board file does not know. */
    private Outcome askLevel(Operation operation) {
        return supplyOf(operation.resource()).readLevel(operation);
    }

    private int replyLevel(Operation operation) {
        Call call = operation.call();
        levelGetReply.begin(call.reply(), call.header()).level((int) operation.value());
        return call.succeed(levelGetReply.messageLength());
    }

    private int levelSet(Call call) {
        AgentResource resource = call.resource();
        VoltageDriver domain = supplyOf(resource);
        if (!arbitration.hears(call.agent(), resource)) {
            return Status.Code.DENIED;
        }
        levelSetRequest.wrap(call.request());
        int flags = levelSetRequest.flags();
        boolean isAsync = (flags & VoltageLevelSet.Request.FLAG_ASYNC) != 0;
        if (!domain.isLevel(levelSetRequest.level())) {
            return Status.Code.INVALID_PARAMETERS;
        }
        if (domain.isFollowing()) {
            return Status.Code.DENIED; // nobody may set it, whichever level
        }
        if (isAsync && !mayBeAsynchronous(call.agent(), resource)) {
            return Status.Code.NOT_SUPPORTED;
        }
        if (isAsync) {
            return acceptAsync(call, flags, levelSetRequest.level());
        }
        return call.operation().wants(levelSetRequest.level(), flags).run(setLevel);
    }

    /** Sets a level, unless another agent wants a higher one and that counts; and waits for the supply to settle. */
    private final class LevelSetting extends Procedure {
        @Override
        protected Outcome ask(Operation operation) {
            AgentResource resource = operation.resource();
            long level = operation.wanted();
            if (arbitration.isHighestFirst(resource.index())) {
                arbitration.note(operation.agent(), resource, level);
                level = arbitration.highest(resource.index());
            }
            return supplyOf(resource).setLevel((int) level, operation);
        }

        @Override
        protected void undone(Operation operation) {
            if (arbitration.forget(operation.agent(), operation.resource())) {
                arbitration.follow(operation.resource().index());
            }
        }

        @Override
        protected int done(Operation operation) {
            return operation.isAsync() ? operation.goOn(readReachedLevel) : Status.Code.SUCCESS;
        }
    }

    private Outcome followWishes(int index, Waiter waiter) {
        long highest = arbitration.highest(index);
        return highest == Arbitration.NONE ? Outcome.OK : supplies.get(index).setLevel((int) highest, waiter);
    }

    /** For a delayed response, which the agent gets also if the register holds what the board file does not know. */
    private Outcome askReachedLevel(Operation operation) {
        Outcome outcome = askLevel(operation);
        return outcome == Outcome.UNKNOWN_STATE ? Outcome.OK : outcome;
    }

    @Override
    public int carryOut(Agent agent, int slot) {
        AgentState state = agent.state();
        return agent.begin(slot, pendingResource(agent, slot))
                .wants(state.pendingWanted(slot), state.pendingFlags(slot))
                .run(setLevel);
    }

    @Override
    public int renderDelayed(Agent agent, int slot, MessageBuffer into) {
        AgentState state = agent.state();
        levelSetDelayed
                .begin(into, state.pendingHeader(slot))
                .domain(state.pendingResource(slot))
                .level((int) state.pendingResult(slot));
        return levelSetDelayed.messageLength();
    }

    // ---- On and off.

    private Outcome askState(Operation operation) {
        return supplyOf(operation.resource()).readState(operation);
    }

    private int replyConfig(Operation operation) {
        Call call = operation.call();
        configGetReply
                .begin(call.reply(), call.header())
                .config(votes.readsOn(operation) ? VoltageConfig.ON : VoltageConfig.OFF);
        return call.succeed(configGetReply.messageLength());
    }

    /** The one mode of a vendor that there is, 0, is another word for off. */
    private int configSet(Call call) {
        return switch (configSetRequest.wrap(call.request()).config()) {
            case VoltageConfig.ON -> call.operation().run(votes.on);
            case VoltageConfig.OFF, VoltageConfig.VENDOR -> call.operation().run(votes.off);
            default -> Status.Code.INVALID_PARAMETERS;
        };
    }

    // ---- Coming and going of agents.

    @Override
    protected void release(Agent agent, AgentResource supply) {
        release(agent, supply, Aspect.LEVEL);
        release(agent, supply, Aspect.STATE);
    }

    @Override
    protected void release(Agent agent, AgentResource supply, Aspect aspect) {
        if (aspect == Aspect.STATE) {
            votes.release(agent, supply);
        } else if (arbitration.forget(agent, supply)) {
            arbitration.follow(supply.index());
        }
    }

    @Override
    protected void restore(Agent agent, AgentResource supply, boolean apply) {
        if (apply && state(agent).is(WISH, supply.id())) {
            arbitration.follow(supply.index());
        }
        votes.restore(agent, supply, apply);
    }
}
