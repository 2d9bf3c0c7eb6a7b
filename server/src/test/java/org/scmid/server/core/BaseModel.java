// What the model says of the Base protocol.
package org.scmid.server.core;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.scmid.protocol.Message;
import org.scmid.protocol.Status;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.base.BaseVersion;
import org.scmid.server.core.ModelAgent.DeniedProtocol;
import org.scmid.server.core.ModelAgent.Notification;
import org.scmid.server.core.base.BaseProtocol;
import org.scmid.transport.vhostuser.Request;

/** The Base protocol in the model: who is there, what trusted agents deny, and errors that are reported. */
final class BaseModel extends ProtocolModel {
    BaseModel(Model model) {
        super(model, BaseMessage.TABLE, BaseVersion.V2_1, null);
    }

    @Override
    int weight(Message command) {
        return switch ((BaseMessage) command) {
            case BASE_SET_DEVICE_PERMISSIONS, BASE_SET_PROTOCOL_PERMISSIONS, BASE_NOTIFY_ERRORS -> 4;
            case BASE_RESET_AGENT_CONFIGURATION -> 3;
            default -> 1;
        };
    }

    @Override
    List<Integer> randomPayload(Random random, Message command) {
        int agent = random.nextInt(ModelSetup.AGENTS + 2);
        int device = random.nextInt(3);
        int flags = random.nextInt(20) == 0 ? 2 : random.nextInt(2);
        return switch ((BaseMessage) command) {
            case BASE_DISCOVER_LIST_PROTOCOLS -> List.of(random.nextInt(3));
            case BASE_DISCOVER_AGENT -> List.of(random.nextInt(3) == 0 ? -1 : agent);
            case BASE_NOTIFY_ERRORS -> List.of(flags);
            case BASE_SET_DEVICE_PERMISSIONS -> List.of(agent, device, flags);
            case BASE_SET_PROTOCOL_PERMISSIONS -> List.of(agent, device, 0x10 + random.nextInt(8), flags);
            case BASE_RESET_AGENT_CONFIGURATION -> List.of(agent, flags);
            default -> List.of();
        };
    }

    @Override
    int[] reply(Request request) {
        int[] payload = request.payload();
        ModelAgent caller = request.agent();
        return switch ((BaseMessage) java.util.Objects.requireNonNull(table.command(request.message()))) {
            case PROTOCOL_ATTRIBUTES -> words(OK, offered(caller).size() | model.agents.size() << 8);
            case BASE_DISCOVER_VENDOR -> join(words(OK), name(BaseProtocol.VENDOR, 16));
            case BASE_DISCOVER_SUB_VENDOR -> join(words(OK), name(model.setup.board.name(), 16));
            case BASE_DISCOVER_IMPLEMENTATION_VERSION -> words(OK, BaseProtocol.IMPLEMENTATION_VERSION);
            case BASE_DISCOVER_LIST_PROTOCOLS -> list(caller, payload[0]);
            case BASE_DISCOVER_AGENT -> discover(caller, payload[0], request.version());
            case BASE_NOTIFY_ERRORS -> notifyErrors(caller, payload[0]);
            case BASE_SET_DEVICE_PERMISSIONS -> denyDevice(caller, payload);
            case BASE_SET_PROTOCOL_PERMISSIONS -> denyProtocol(caller, payload);
            case BASE_RESET_AGENT_CONFIGURATION -> reset(caller, payload);
            default -> throw new IllegalStateException(request.toString());
        };
    }

    private List<Integer> offered(ModelAgent agent) {
        return model.parts.stream()
                .filter(part -> part != this && model.isOffered(part, agent) && !model.isDenied(agent, part))
                .map(ProtocolModel::id)
                .toList();
    }

    private int[] list(ModelAgent agent, int skip) {
        List<Integer> all = offered(agent);
        if (Integer.compareUnsigned(skip, all.size()) > 0) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        List<Integer> rest = all.subList(skip, all.size());
        int[] packed = new int[(rest.size() + 3) / 4];
        for (int i = 0; i < rest.size(); i++) {
            packed[i / 4] |= rest.get(i) << (i % 4 * 8);
        }
        return join(words(OK, rest.size()), packed);
    }

    private int[] discover(ModelAgent caller, int asked, int version) {
        boolean isOld = version == BaseVersion.V1_0;
        int id = asked == -1 && !isOld ? caller.id : asked;
        if (id < 0 || id > model.agents.size()) {
            return status(Status.Code.NOT_FOUND);
        }
        int[] name = name(id == 0 ? "platform" : model.agent(id).name, 16);
        return isOld ? join(words(OK), name) : join(words(OK, id), name);
    }

    private static int[] notifyErrors(ModelAgent caller, int enable) {
        if ((enable & ~1) != 0) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        caller.notifiesErrors = enable == 1;
        return status(OK);
    }

    private @Nullable ModelAgent find(int agent) {
        return agent >= 1 && agent <= model.agents.size() ? model.agent(agent) : null;
    }

    private boolean isDevice(int device) {
        return device >= 0 && device < model.setup.devices.size();
    }

    private int[] denyDevice(ModelAgent caller, int[] payload) {
        if (!caller.isTrusted) {
            return status(Status.Code.DENIED);
        }
        ModelAgent agent = find(payload[0]);
        if (agent == null || !isDevice(payload[1])) {
            return status(Status.Code.NOT_FOUND);
        }
        if ((payload[2] & ~1) != 0) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        if (payload[2] == 1) {
            agent.deniedDevices.remove(payload[1]);
        } else {
            agent.deniedDevices.add(payload[1]);
        }
        return status(OK);
    }

    private int[] denyProtocol(ModelAgent caller, int[] payload) {
        if (!caller.isTrusted) {
            return status(Status.Code.DENIED);
        }
        ModelAgent agent = find(payload[0]);
        int protocol = payload[2] & 0xFF;
        if (agent == null || !isDevice(payload[1]) || !model.served.contains(protocol) || protocol == id()) {
            return status(Status.Code.NOT_FOUND);
        }
        if ((payload[3] & ~1) != 0 || (payload[2] & ~0xFF) != 0) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        DeniedProtocol denied = new DeniedProtocol(payload[1], protocol);
        if (payload[3] == 1) {
            agent.deniedProtocols.remove(denied);
        } else {
            agent.deniedProtocols.add(denied);
        }
        return status(OK);
    }

    private int[] reset(ModelAgent caller, int[] payload) {
        boolean permissions = (payload[1] & 1) != 0;
        boolean isDenied = !caller.deniedDevices.isEmpty() || !caller.deniedProtocols.isEmpty();
        if ((payload[0] != caller.id || (permissions && isDenied)) && !caller.isTrusted) {
            return status(Status.Code.DENIED);
        }
        ModelAgent agent = find(payload[0]);
        if (agent == null) {
            return status(Status.Code.NOT_FOUND);
        }
        if ((payload[1] & ~1) != 0) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        model.release(agent);
        if (permissions) {
            agent.deniedDevices.clear();
            agent.deniedProtocols.clear();
        }
        return status(OK);
    }

    @Override
    void release(ModelAgent agent) {
        agent.notifiesErrors = false;
    }

    /** An error report: the agent, one report, the command's header and its status. */
    @Override
    int @Nullable [] notification(ModelAgent agent, Notification notification) {
        return agent.notifiesErrors
                ? words(notification.causer(), 1, (int) notification.first(), (int) (notification.first() >> 32))
                : null;
    }
}
