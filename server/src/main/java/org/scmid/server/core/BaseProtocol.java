// The Base protocol: who is there, and which protocols an agent may use.
package org.scmid.server.core;

import java.util.List;
import org.scmid.protocol.Status;
import org.scmid.protocol.base.BaseDiscoverAgent;
import org.scmid.protocol.base.BaseDiscoverImplementationVersion;
import org.scmid.protocol.base.BaseDiscoverListProtocols;
import org.scmid.protocol.base.BaseDiscoverSubVendor;
import org.scmid.protocol.base.BaseDiscoverVendor;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.base.BaseNotifyErrors;
import org.scmid.protocol.base.BaseProtocolAttributes;
import org.scmid.protocol.base.BaseResetAgentConfiguration;
import org.scmid.protocol.base.BaseVersion;
import org.scmid.protocol.common.NotifyEnable;

/**
 * The Base protocol 2.1 (DEN0056, "Base protocol"). SET_DEVICE_PERMISSIONS and SET_PROTOCOL_PERMISSIONS are commands of
 * trusted agents, of which there are none; both are optional, and not there.
 */
final class BaseProtocol extends Protocol {
    static final String VENDOR = "scmid";
    static final String PLATFORM_NAME = "platform";

    /** Major in bits 31:16, minor in 15:8, patch in 7:0. */
    static final int IMPLEMENTATION_VERSION = 0x0000_0100;

    private final List<Protocol> protocols;
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
    private final BaseResetAgentConfiguration.Request resetRequest = new BaseResetAgentConfiguration.Request();

    /**
     * @param agents all agents; may still grow while the service is put together
     * @param protocols the protocols but this one, by ascending id
     * @param board the board's name, answered as sub-vendor
     */
    BaseProtocol(Agents agents, List<Protocol> protocols, String board) {
        super(BaseMessage.TABLE, BaseVersion.V2_1, null, agents);
        this.protocols = List.copyOf(protocols);
        this.subVendor = board;
        on(BaseMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(BaseMessage.BASE_DISCOVER_VENDOR, this::discoverVendor);
        on(BaseMessage.BASE_DISCOVER_SUB_VENDOR, this::discoverSubVendor);
        on(BaseMessage.BASE_DISCOVER_IMPLEMENTATION_VERSION, this::discoverImplementationVersion);
        on(BaseMessage.BASE_DISCOVER_LIST_PROTOCOLS, this::listProtocols);
        on(BaseMessage.BASE_DISCOVER_AGENT, this::discoverAgent);
        on(BaseMessage.BASE_NOTIFY_ERRORS, this::notifyErrors);
        on(BaseMessage.BASE_RESET_AGENT_CONFIGURATION, this::resetAgentConfiguration);
    }

    @Override
    boolean isOfferedTo(Agent agent) {
        return true;
    }

    @Override
    void release(Agent agent) {
        agent.state().notifyErrors(false);
    }

    private int attributes(Call call) {
        attributes.begin(call.reply(), call.header()).counts(offered(call.agent()), agents().count());
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
            if (protocol.isOfferedTo(call.agent())) {
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
            if (protocols.get(i).isOfferedTo(agent)) {
                offered++;
            }
        }
        return offered;
    }

    private int discoverAgent(Call call) {
        boolean isOld = call.version() == BaseVersion.V1_0;
        int id = agentRequest.wrap(call.request()).agent();
        if (id == BaseDiscoverAgent.CALLER && !isOld) {
            id = call.agent().id();
        }
        if (id < 0 || id > agents().count()) {
            return Status.Code.NOT_FOUND;
        }
        String name = id == BaseDiscoverAgent.PLATFORM
                ? PLATFORM_NAME
                : agents().get(id - 1).name();
        if (isOld) {
            agentReplyV1.begin(call.reply(), call.header()).name(name);
            return call.succeed(agentReplyV1.messageLength());
        }
        agentReply.begin(call.reply(), call.header()).agent(id).name(name);
        return call.succeed(agentReply.messageLength());
    }

    private int notifyErrors(Call call) {
        int enable = notifyRequest.wrap(call.request()).notifyEnable();
        if (!isNotifyEnable(enable)) {
            return Status.Code.INVALID_PARAMETERS;
        }
        call.agent().state().notifyErrors(NotifyEnable.isEnabled(enable));
        return Status.Code.SUCCESS;
    }

    /** Only for the caller itself: resetting others is for trusted agents. */
    private int resetAgentConfiguration(Call call) {
        resetRequest.wrap(call.request());
        int id = resetRequest.agent();
        if (id <= BaseDiscoverAgent.PLATFORM || id > agents().count()) {
            return Status.Code.NOT_FOUND;
        }
        if (id != call.agent().id()) {
            return Status.Code.DENIED;
        }
        if ((resetRequest.flags() & BaseResetAgentConfiguration.Request.FLAGS_RESERVED) != 0) {
            return Status.Code.INVALID_PARAMETERS;
        }
        call.agent().release();
        return Status.Code.SUCCESS;
    }
}
