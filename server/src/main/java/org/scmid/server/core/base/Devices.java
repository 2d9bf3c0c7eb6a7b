// The devices of a service, and which of them agents were denied.
package org.scmid.server.core.base;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.DeviceSpec;
import org.scmid.protocol.ProtocolId;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.ResourceView;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.server.core.state.ResourceState;

/**
 * The devices of a service, which trusted agents deny to others as a whole, or for one protocol. A resource is denied if
 * any device that it belongs to is, or that device's protocol.
 *
 * <p>A protocol as a whole, its PROTOCOL_VERSION included, is denied to an agent when every resource that the agent sees
 * of it is denied; and one without resources when it was denied for any device.
 */
public final class Devices {
    /** Of a device in an agent's state: all of it is denied. */
    private static final int ALL = 1 << 31;

    private static final int FIRST_PROTOCOL = 0x10;

    private final List<DeviceSpec> specs;
    private final List<Protocol> protocols;

    /** By device, kind and position on the board: whether it belongs to the device. */
    private final boolean[][][] members;

    /**
     * @param specs the devices, by id
     * @param board what their resources are on
     * @param protocols all protocols but Base
     */
    @SuppressWarnings("EnumOrdinal") // places in arrays of this process
    public Devices(List<DeviceSpec> specs, Board board, List<Protocol> protocols) {
        this.specs = specs;
        this.protocols = protocols;
        members = new boolean[specs.size()][ResourceKind.values().length][];
        for (int device = 0; device < members.length; device++) {
            for (ResourceKind kind : ResourceKind.values()) {
                List<String> its = specs.get(device).resources(kind);
                List<String> names = List.copyOf(board.names(kind));
                boolean[] belongs = new boolean[names.size()];
                for (int index = 0; index < belongs.length; index++) {
                    belongs[index] = its.contains(names.get(index));
                }
                members[device][kind.ordinal()] = belongs;
            }
        }
    }

    int count() {
        return specs.size();
    }

    /** Allows or denies a device. */
    void allow(Agent agent, int device, boolean allow) {
        set(agent, device, ALL, !allow);
    }

    /** Allows or denies one protocol of a device. */
    void allow(Agent agent, int device, ProtocolId protocol, boolean allow) {
        set(agent, device, bit(protocol), !allow);
    }

    /** Whether anything is denied to an agent. */
    boolean deniesAnything(Agent agent) {
        return specs.size() > 0 && !denials(agent).isEmpty();
    }

    /** Gives an agent back everything. */
    void allowAll(Agent agent) {
        for (int device = 0; device < specs.size(); device++) {
            denials(agent).clear(device);
        }
        apply(agent);
    }

    private void set(Agent agent, int device, int bit, boolean on) {
        denials(agent).set(bit, device, on);
        apply(agent);
    }

    /** Makes an agent's permissions what its state says. */
    void apply(Agent agent) {
        for (int i = 0; i < protocols.size(); i++) {
            Protocol protocol = protocols.get(i);
            ResourceKind kind = protocol.kind();
            if (kind == null) {
                agent.setDenied(protocol.id(), isDeniedForAnyDevice(agent, protocol.id()));
            } else {
                agent.setDenied(protocol.id(), apply(agent, protocol, kind));
            }
        }
    }

    private boolean isDeniedForAnyDevice(Agent agent, ProtocolId protocol) {
        for (int device = 0; device < specs.size(); device++) {
            if (denials(agent).is(bit(protocol), device)) {
                return true;
            }
        }
        return false;
    }

    /** @return whether the whole protocol is denied */
    private boolean apply(Agent agent, Protocol protocol, ResourceKind kind) {
        ResourceView view = agent.view(kind);
        int visible = 0;
        int denied = 0;
        for (int index = 0; index < view.ofBoard(); index++) {
            AgentResource its = view.of(index);
            boolean wasDenied = its != null && its.isDenied();
            boolean isDenied = isDenied(agent, index, kind, bit(protocol.id()) | ALL);
            view.setDenied(index, isDenied);
            if (its != null) {
                visible++;
                denied += isDenied ? 1 : 0;
                if (isDenied != wasDenied) {
                    protocol.denialChanged(agent, its);
                }
            }
        }
        return visible > 0 && visible == denied;
    }

    @SuppressWarnings("EnumOrdinal") // places in arrays of this process
    private boolean isDenied(Agent agent, int index, ResourceKind kind, int bits) {
        for (int device = 0; device < specs.size(); device++) {
            if (denials(agent).is(bits, device) && members[device][kind.ordinal()][index]) {
                return true;
            }
        }
        return false;
    }

    /** The protocol with an id that can be denied; null if there is none. */
    @Nullable
    ProtocolId deniable(int protocolId) {
        for (int i = 0; i < protocols.size(); i++) {
            ProtocolId id = protocols.get(i).id();
            if (id.id() == protocolId) {
                return id;
            }
        }
        return null;
    }

    private static ResourceState denials(Agent agent) {
        return agent.state().of(ProtocolId.BASE);
    }

    private static int bit(ProtocolId protocol) {
        return 1 << (protocol.id() - FIRST_PROTOCOL);
    }
}
