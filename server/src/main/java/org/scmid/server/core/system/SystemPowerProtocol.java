// The System power protocol: agents ask for a shutdown or a reset, and are asked for one.
package org.scmid.server.core.system;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.SystemPowerAction;
import org.scmid.config.service.SystemPowerSpec;
import org.scmid.config.service.SystemPowerState;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Status;
import org.scmid.protocol.common.NotifyEnable;
import org.scmid.protocol.system.SystemPowerMessage;
import org.scmid.protocol.system.SystemPowerProtocolAttributes;
import org.scmid.protocol.system.SystemPowerStateNotify;
import org.scmid.protocol.system.SystemPowerStateSet;
import org.scmid.protocol.system.SystemPowerVersion;
import org.scmid.protocol.system.SystemState;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.agent.Call;
import org.scmid.server.core.agent.NotificationQueue;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.server.core.state.Section;

/**
 * The System power protocol 2.1, and 2.0 and 1.0 for agents that negotiate them (DEN0056, "System power management
 * protocol"). What a request does is the service file's affair: nothing, a notification to those who subscribed, or a command.
 *
 * <p>No agent here is the one that implements PSCI for a whole system, so none may ask for the state.
 */
public final class SystemPowerProtocol extends Protocol {
    /** The one flag in the agent's state: it wants to be told. */
    static final int SUBSCRIBED = 1;

    /** There is only one system. */
    private static final int THE_SYSTEM = 0;

    private static final int FLAGS_SHIFT = 32;

    private final Map<String, SystemPowerSpec> specs;
    private final CommandRunner commands;
    private final SystemPowerProtocolAttributes.Reply attributesReply = new SystemPowerProtocolAttributes.Reply();
    private final SystemPowerStateSet.Request setRequest = new SystemPowerStateSet.Request();
    private final SystemPowerStateNotify.Request notifyRequest = new SystemPowerStateNotify.Request();
    private final SystemPowerStateNotify.Event notifier = new SystemPowerStateNotify.Event();

    /**
     * @param specs what requests do, by the name of the agent; one that is not in it is not offered the protocol
     * @param commands starts commands
     * @param agents all agents; may still grow while the service is put together
     */
    public SystemPowerProtocol(Map<String, SystemPowerSpec> specs, CommandRunner commands, Agents agents) {
        super(SystemPowerMessage.TABLE, SystemPowerVersion.V2_1, null, 0, agents);
        this.specs = Map.copyOf(specs);
        this.commands = commands;
        on(SystemPowerMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(SystemPowerMessage.SYSTEM_POWER_STATE_SET, this::stateSet);
        on(SystemPowerMessage.SYSTEM_POWER_STATE_GET, call -> Status.Code.NOT_SUPPORTED);
        on(SystemPowerMessage.SYSTEM_POWER_STATE_NOTIFY, this::stateNotify);
    }

    @Override
    public boolean isOfferedTo(Agent agent) {
        return specs.containsKey(agent.name());
    }

    @Override
    public Section section() {
        return new Section(id().id(), null, 1, SUBSCRIBED);
    }

    private @Nullable SystemPowerAction actionOf(Agent agent, SystemPowerState state) {
        SystemPowerSpec spec = specs.get(agent.name());
        return spec == null ? null : spec.action(state);
    }

    /** The state of a word; null for power-up, and for those that are reserved or a vendor's. */
    private static @Nullable SystemPowerState stateOf(int word) {
        return switch (word) {
            case SystemState.SHUTDOWN -> SystemPowerState.SHUTDOWN;
            case SystemState.COLD_RESET -> SystemPowerState.COLD_RESET;
            case SystemState.WARM_RESET -> SystemPowerState.WARM_RESET;
            case SystemState.SUSPEND -> SystemPowerState.SUSPEND;
            default -> null;
        };
    }

    private static int wordOf(SystemPowerState state) {
        return switch (state) {
            case SHUTDOWN -> SystemState.SHUTDOWN;
            case COLD_RESET -> SystemState.COLD_RESET;
            case WARM_RESET -> SystemState.WARM_RESET;
            case SUSPEND -> SystemState.SUSPEND;
        };
    }

    @Override
    protected int attributesOf(Agent agent, Message command) {
        if (command != SystemPowerMessage.SYSTEM_POWER_STATE_SET) {
            return 0;
        }
        return (actionOf(agent, SystemPowerState.WARM_RESET) == null ? 0 : SystemPowerStateSet.ATTRIBUTE_WARM_RESET)
                | (actionOf(agent, SystemPowerState.SUSPEND) == null ? 0 : SystemPowerStateSet.ATTRIBUTE_SUSPEND);
    }

    private int attributes(Call call) {
        attributesReply.begin(call.reply(), call.header()).none();
        return call.succeed(attributesReply.messageLength());
    }

    // ---- What agents ask for.

    private int stateSet(Call call) {
        setRequest.wrap(call.request());
        SystemPowerState state = stateOf(setRequest.state());
        if (state == null && setRequest.state() != SystemState.POWER_UP) {
            return Status.Code.INVALID_PARAMETERS;
        }
        SystemPowerAction action = state == null ? null : actionOf(call.agent(), state);
        if (state == null || action == null) {
            return Status.Code.NOT_SUPPORTED;
        }
        return switch (action) {
            case SystemPowerAction.Ignore ignored -> {
                log(call.agent(), state, "nothing is done");
                yield Status.Code.SUCCESS;
            }
            case SystemPowerAction.Notify toSubscribers -> {
                log(call.agent(), state, "who subscribed is told");
                tellSubscribers(call.agent(), setRequest.flags(), setRequest.state());
                yield Status.Code.SUCCESS;
            }
            case SystemPowerAction.Run run -> {
                if (!commands.run(call.agent().name(), run.command())) {
                    yield Status.Code.BUSY;
                }
                log(
                        call.agent(),
                        state,
                        "the command is started: " + run.command().getFirst());
                yield Status.Code.SUCCESS;
            }
        };
    }

    private static void log(Agent agent, SystemPowerState state, String what) {
        agent.report("asks for " + state.word() + ": " + what);
    }

    private void tellSubscribers(Agent causer, int flags, int state) {
        for (int place = 0; place < agents().places(); place++) {
            Agent agent = agents().at(place);
            if (agent != null && isSubscribed(agent)) {
                tell(agent, causer.id(), flags, state, 0);
            }
        }
    }

    private boolean isSubscribed(Agent agent) {
        return isOfferedTo(agent) && state(agent).is(SUBSCRIBED, THE_SYSTEM);
    }

    private void tell(Agent agent, int causer, int flags, int state, int timeoutMillis) {
        tell(
                agent,
                SystemPowerMessage.SYSTEM_POWER_STATE_NOTIFIER.id(),
                true,
                THE_SYSTEM,
                causer,
                (long) flags << FLAGS_SHIFT | Integer.toUnsignedLong(state),
                timeoutMillis);
    }

    // ---- What agents are asked for.

    private int stateNotify(Call call) {
        int enable = notifyRequest.wrap(call.request()).notifyEnable();
        state(call.agent()).set(SUBSCRIBED, THE_SYSTEM, NotifyEnable.isEnabled(enable));
        return Status.Code.SUCCESS;
    }

    /**
     * Asks an agent to enter a state, on the platform's behalf.
     *
     * @param timeoutMillis time that a graceful shutdown may take, 0 for no limit; not sent with any other request
     */
    public SystemPowerOutcome request(Agent agent, SystemPowerState state, boolean graceful, int timeoutMillis) {
        if (!isOfferedTo(agent)) {
            return SystemPowerOutcome.NOT_OFFERED;
        }
        if (!agent.hasEvents()) {
            return SystemPowerOutcome.NOT_CONNECTED;
        }
        if (!isSubscribed(agent)) {
            return SystemPowerOutcome.NOT_SUBSCRIBED;
        }
        int flags = graceful ? SystemState.FLAG_GRACEFUL : 0;
        boolean hasTimeout = graceful && state == SystemPowerState.SHUTDOWN;
        tell(agent, Agents.PLATFORM, flags, wordOf(state), hasTimeout ? timeoutMillis : 0);
        return SystemPowerOutcome.REQUESTED;
    }

    @Override
    public int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
        if (!state(agent).is(SUBSCRIBED, THE_SYSTEM)) {
            return 0;
        }
        notifier.begin(into, 0)
                .agent(entry.causer())
                .flags((int) (entry.first() >>> FLAGS_SHIFT))
                .state((int) entry.first());
        if (speaks(agent, SystemPowerVersion.V2_0)) {
            notifier.timeout((int) entry.second());
        }
        return notifier.messageLength(versionFor(agent));
    }

    @Override
    public void unsubscribe(Agent agent) {
        state(agent).set(SUBSCRIBED, THE_SYSTEM, false);
    }

    @Override
    public void release(Agent agent) {
        state(agent).clear(THE_SYSTEM);
    }
}
