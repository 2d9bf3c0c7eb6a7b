// The Base protocol: who is there, and which protocols an agent may use.
package org.scmid.server.core.base;

import java.util.List;
import org.scmid.platform.driver.Outcome;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Status;
import org.scmid.protocol.base.BaseDiscoverAgent;
import org.scmid.protocol.base.BaseDiscoverImplementationVersion;
import org.scmid.protocol.base.BaseDiscoverListProtocols;
import org.scmid.protocol.base.BaseDiscoverSubVendor;
import org.scmid.protocol.base.BaseDiscoverVendor;
import org.scmid.protocol.base.BaseErrorEvent;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.base.BaseNotifyErrors;
import org.scmid.protocol.base.BaseProtocolAttributes;
import org.scmid.protocol.base.BaseResetAgentConfiguration;
import org.scmid.protocol.base.BaseSetDevicePermissions;
import org.scmid.protocol.base.BaseSetProtocolPermissions;
import org.scmid.protocol.base.BaseVersion;
import org.scmid.protocol.common.NotifyEnable;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.agent.Call;
import org.scmid.server.core.agent.NotificationQueue;
import org.scmid.server.core.agent.Operation;
import org.scmid.server.core.agent.Procedure;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.server.core.state.Numbering;
import org.scmid.server.core.state.Section;

/**
 * The Base protocol 2.1 (DEN0056, "Base protocol").
 *
 * <p>Agents that the service file trusts may deny devices to others, and whole protocols of devices, and reset others.
 * What was denied stays so when the agent it was denied to, or the one that did it, goes or is reset; only a trusted
 * agent gives it back.
 *
 * <p>BASE_ERROR_EVENT tells an agent of a command whose failure it could not learn otherwise: an asynchronous one without
 * delayed response that failed, one whose response or delayed response did not fit the agent's buffer.
 */
public final class BaseProtocol extends Protocol {
    public static final String VENDOR = "scmid";
    static final String PLATFORM_NAME = "platform";

    /** Major in bits 31:16, minor in 15:8, patch in 7:0. */
    public static final int IMPLEMENTATION_VERSION = 0x0000_0100;

    private final List<Protocol> protocols;
    private final Devices devices;
    private final String subVendor;

    private final BaseProtocolAttributes.Reply attributes = new BaseProtocolAttributes.Reply();
    private final BaseDiscoverVendor.Reply vendor = new BaseDiscoverVendor.Reply();
    private final BaseDiscoverSubVendor.Reply subVendorReply = new BaseDiscoverSubVendor.Reply();
    private final BaseDiscoverImplementationVersion.Reply implementation =
            new BaseDiscoverImplementationVersion.Reply();
    private final BaseDiscoverListProtocols.Request listRequest = new BaseDiscoverListProtocols.Request();
    private final BaseDiscoverListProtocols.Reply list = new BaseDiscoverListProtocols.Reply();
    private final BaseDiscoverAgent.Request agentRequest = new BaseDiscoverAgent.Request();
    private final BaseDiscoverAgent.Reply agentReply = new BaseDiscoverAgent.Reply();
    private final BaseDiscoverAgent.ReplyV1 agentReplyV1 = new BaseDiscoverAgent.ReplyV1();
    private final BaseNotifyErrors.Request notifyRequest = new BaseNotifyErrors.Request();
    private final BaseSetDevicePermissions.Request deviceRequest = new BaseSetDevicePermissions.Request();
    private final BaseSetProtocolPermissions.Request protocolRequest = new BaseSetProtocolPermissions.Request();
    private final Procedure reset = new Resetting();
    private final BaseErrorEvent.Event errorEvent = new BaseErrorEvent.Event();
    private final BaseResetAgentConfiguration.Request resetRequest = new BaseResetAgentConfiguration.Request();

    /**
     * @param agents all agents; they may come and go
     * @param protocols the protocols but this one, by ascending id
     * @param devices what trusted agents may deny
     * @param board the board's name, answered as sub-vendor
     */
    public BaseProtocol(Agents agents, List<Protocol> protocols, Devices devices, String board) {
        super(BaseMessage.TABLE, BaseVersion.V2_1, null, 0, agents);
        this.protocols = List.copyOf(protocols);
        this.devices = devices;
        this.subVendor = board;
        on(BaseMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(BaseMessage.BASE_DISCOVER_VENDOR, this::discoverVendor);
        on(BaseMessage.BASE_DISCOVER_SUB_VENDOR, this::discoverSubVendor);
        on(BaseMessage.BASE_DISCOVER_IMPLEMENTATION_VERSION, this::discoverImplementationVersion);
        on(BaseMessage.BASE_DISCOVER_LIST_PROTOCOLS, this::listProtocols);
        on(BaseMessage.BASE_DISCOVER_AGENT, this::discoverAgent);
        on(BaseMessage.BASE_NOTIFY_ERRORS, this::notifyErrors);
        on(BaseMessage.BASE_SET_DEVICE_PERMISSIONS, this::setDevicePermissions);
        on(BaseMessage.BASE_SET_PROTOCOL_PERMISSIONS, this::setProtocolPermissions);
        on(BaseMessage.BASE_RESET_AGENT_CONFIGURATION, this::resetAgentConfiguration);
    }

    @Override
    public boolean isOfferedTo(Agent agent) {
        return true;
    }

    /** For each device, which of its protocols are denied; see {@link Devices}. Any bit may be set. */
    @Override
    public Section section() {
        return new Section(id().id(), Numbering.DEVICES, 1, -1);
    }

    @Override
    public void restore(Agent agent, boolean apply) {
        devices.apply(agent);
    }

    /** What was denied stays so. */
    @Override
    protected void renumbered(Agent agent) {
        devices.apply(agent);
    }

    @Override
    public void unsubscribe(Agent agent) {
        agent.state().notifyErrors(false);
    }

    @Override
    public void release(Agent agent) {
        unsubscribe(agent);
    }

    private int attributes(Call call) {
        attributes.begin(call.reply(), call.header()).counts(offered(call.agent()), agents().highestId());
        return call.succeed(attributes.messageLength());
    }

    private int discoverVendor(Call call) {
        vendor.begin(call.reply(), call.header()).name(VENDOR);
        return call.succeed(vendor.messageLength());
    }

    private int discoverSubVendor(Call call) {
        subVendorReply.begin(call.reply(), call.header()).name(subVendor);
        return call.succeed(subVendorReply.messageLength());
    }

    private int discoverImplementationVersion(Call call) {
        implementation.begin(call.reply(), call.header()).version(IMPLEMENTATION_VERSION);
        return call.succeed(implementation.messageLength());
    }

    private int listProtocols(Call call) {
        int skip = listRequest.wrap(call.request()).skip();
        int offered = offered(call.agent());
        if (Integer.compareUnsigned(skip, offered) > 0) {
            return Status.Code.INVALID_PARAMETERS;
        }
        int count = Math.min(offered - skip, BaseDiscoverListProtocols.Reply.capacity(call.capacity()));
        if (count == 0 && skip < offered) {
            return Status.Code.PROTOCOL_ERROR;
        }
        list.begin(call.reply(), call.header()).count(count);
        int position = -skip;
        for (int i = 0; i < protocols.size() && position < count; i++) {
            Protocol protocol = protocols.get(i);
            if (isListed(protocol, call.agent())) {
                if (position >= 0) {
                    list.protocol(position, protocol.id().id());
                }
                position++;
            }
        }
        return call.succeed(list.messageLength());
    }

    private int offered(Agent agent) {
        int offered = 0;
        for (int i = 0; i < protocols.size(); i++) {
            if (isListed(protocols.get(i), agent)) {
                offered++;
            }
        }
        return offered;
    }

    /** What was denied as a whole is still there for the agent, and answers DENIED; but it may not use it, so it is not listed. */
    private static boolean isListed(Protocol protocol, Agent agent) {
        return protocol.isOfferedTo(agent) && !agent.isDenied(protocol.id());
    }

    private int discoverAgent(Call call) {
        boolean isOld = call.version() == BaseVersion.V1_0;
        int id = agentRequest.wrap(call.request()).agent();
        if (id == BaseDiscoverAgent.CALLER && !isOld) {
            id = call.agent().id();
        }
        Agent agent = agents().withId(id);
        if (agent == null && id != BaseDiscoverAgent.PLATFORM) {
            return Status.Code.NOT_FOUND;
        }
        String name = agent == null ? PLATFORM_NAME : agent.name();
        if (isOld) {
            agentReplyV1.begin(call.reply(), call.header()).name(name);
            return call.succeed(agentReplyV1.messageLength());
        }
        agentReply.begin(call.reply(), call.header()).agent(id).name(name);
        return call.succeed(agentReply.messageLength());
    }

    private int notifyErrors(Call call) {
        int enable = notifyRequest.wrap(call.request()).notifyEnable();
        call.agent().state().notifyErrors(NotifyEnable.isEnabled(enable));
        return Status.Code.SUCCESS;
    }

    // ---- What trusted agents do. Others are DENIED first, so that they do not learn which agents and devices there
    // are.

    private int setDevicePermissions(Call call) {
        deviceRequest.wrap(call.request());
        if (!call.agent().isTrusted()) {
            return Status.Code.DENIED;
        }
        Agent agent = agents().withId(deviceRequest.agent());
        if (agent == null || !isDevice(deviceRequest.device())) {
            return Status.Code.NOT_FOUND;
        }
        int flags = deviceRequest.flags();
        devices.allow(agent, deviceRequest.device(), (flags & BaseSetDevicePermissions.Request.FLAG_ALLOW) != 0);
        return Status.Code.SUCCESS;
    }

    /** The Base protocol itself cannot be denied: NOT_FOUND. */
    private int setProtocolPermissions(Call call) {
        protocolRequest.wrap(call.request());
        if (!call.agent().isTrusted()) {
            return Status.Code.DENIED;
        }
        Agent agent = agents().withId(protocolRequest.agent());
        ProtocolId protocol = devices.deniable(protocolRequest.protocolId());
        if (agent == null || !isDevice(protocolRequest.device()) || protocol == null) {
            return Status.Code.NOT_FOUND;
        }
        boolean allow = (protocolRequest.flags() & BaseSetProtocolPermissions.Request.FLAG_ALLOW) != 0;
        devices.allow(agent, protocolRequest.device(), protocol, allow);
        return Status.Code.SUCCESS;
    }

    /** An agent may reset itself; to reset others, or to give back what was denied, is for trusted agents. */
    private int resetAgentConfiguration(Call call) {
        resetRequest.wrap(call.request());
        boolean permissions = (resetRequest.flags() & BaseResetAgentConfiguration.Request.FLAG_PERMISSIONS) != 0;
        boolean isOther = resetRequest.agent() != call.agent().id();
        boolean isForTrusted = isOther || (permissions && devices.deniesAnything(call.agent()));
        if (isForTrusted && !call.agent().isTrusted()) {
            return Status.Code.DENIED;
        }
        Agent agent = agents().withId(resetRequest.agent());
        if (agent == null) {
            return Status.Code.NOT_FOUND;
        }
        return call.operation()
                .wants(agent.id(), permissions ? BaseResetAgentConfiguration.Request.FLAG_PERMISSIONS : 0)
                .run(reset);
    }

    /** Resets an agent, which may hold much. */
    private final class Resetting extends Procedure {
        @Override
        protected Outcome ask(Operation operation) {
            Agent agent = agents().withId((int) operation.wanted());
            if (agent == null) {
                return Outcome.OK;
            }
            agent.release();
            return agent.whenReleased(operation);
        }

        @Override
        protected boolean isHolding() {
            return false;
        }

        @Override
        protected void succeeded(Operation operation) {
            Agent agent = agents().withId((int) operation.wanted());
            if (agent != null && operation.flags() != 0) {
                devices.allowAll(agent);
            }
        }
    }

    private boolean isDevice(int id) {
        return id >= 0 && id < devices.count();
    }

    // ---- Errors.

    /** Tells an agent that wants to know of a command that failed in silence. */
    public void reportError(Agent agent, int header, int status) {
        if (agent.hasEvents() && agent.state().notifiesErrors()) {
            long report = Integer.toUnsignedLong(header) | (long) status << Integer.SIZE;
            tell(agent, BaseMessage.BASE_ERROR_EVENT.id(), false, 0, agent.id(), report, 0);
        }
    }

    @Override
    public int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
        if (!agent.state().notifiesErrors()) {
            return 0;
        }
        errorEvent.begin(into, 0).agent(entry.causer()).errorStatus(false, 1);
        errorEvent.report(0, (int) entry.first(), (int) (entry.first() >> Integer.SIZE));
        return errorEvent.messageLength();
    }
}
