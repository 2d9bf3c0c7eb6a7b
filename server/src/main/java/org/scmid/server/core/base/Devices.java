// The devices of a service, and which of them agents were denied.
package org.scmid.server.core.base;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /** By device and kind: positions on the board of what belongs to the device. */
    private final int[][][] members;

    /** By kind and position on the board: the devices that it belongs to. */
    private final int[][][] devicesOf;

    /**
     * @param specs the devices, by id
     * @param board what their resources are on
     * @param protocols all protocols but Base
     */
    @SuppressWarnings("EnumOrdinal") // places in arrays of this process
    public Devices(List<DeviceSpec> specs, Board board, List<Protocol> protocols) {
        this.specs = specs;
        this.protocols = protocols;
        members = new int[specs.size()][ResourceKind.values().length][];
        devicesOf = new int[ResourceKind.values().length][][];
        for (ResourceKind kind : ResourceKind.values()) {
            Map<String, Integer> indexes = new HashMap<>();
            board.names(kind).forEach(name -> indexes.put(name, indexes.size()));
            List<List<Integer>> owners = new ArrayList<>();
            indexes.forEach((name, index) -> owners.add(new ArrayList<>()));
            for (int device = 0; device < members.length; device++) {
                List<Integer> its = specs.get(device).resources(kind).stream()
                        .map(indexes::get)
                        .filter(Objects::nonNull)
                        .distinct()
                        .sorted()
                        .toList();
                for (int index : its) {
                    owners.get(index).add(device);
                }
                members[device][kind.ordinal()] = toArray(its);
            }
            devicesOf[kind.ordinal()] = owners.stream().map(Devices::toArray).toArray(int[][]::new);
        }
    }

    private static int[] toArray(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
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
            if (!denials(agent).isEmpty(device)) {
                denials(agent).clear(device);
                apply(agent, device);
            }
        }
    }

    private void set(Agent agent, int device, int bit, boolean on) {
        denials(agent).set(bit, device, on);
        apply(agent, device);
    }

    /** Makes an agent's permissions what its state says. */
    void apply(Agent agent) {
        for (int device = 0; device < specs.size(); device++) {
            apply(agent, device);
        }
    }

    /** Makes an agent's permissions for what belongs to a device what its state says. */
    private void apply(Agent agent, int device) {
        for (int i = 0; i < protocols.size(); i++) {
            Protocol protocol = protocols.get(i);
            ResourceKind kind = protocol.kind();
            agent.setDenied(
                    protocol.id(),
                    kind == null ? isDeniedForAnyDevice(agent, protocol.id()) : apply(agent, device, protocol, kind));
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
    @SuppressWarnings("EnumOrdinal") // places in arrays of this process
    private boolean apply(Agent agent, int device, Protocol protocol, ResourceKind kind) {
        ResourceView view = agent.view(kind);
        for (int index : members[device][kind.ordinal()]) {
            AgentResource its = view.of(index);
            boolean wasDenied = its != null && its.isDenied();
            view.setDenied(index, isDenied(agent, index, kind, bit(protocol.id()) | ALL));
            if (its != null && its.isDenied() != wasDenied) {
                protocol.denialChanged(agent, its);
            }
        }
        return view.isDenied();
    }

    @SuppressWarnings("EnumOrdinal") // places in arrays of this process
    private boolean isDenied(Agent agent, int index, ResourceKind kind, int bits) {
        int[] devices = devicesOf[kind.ordinal()][index];
        for (int device : devices) {
            if (denials(agent).is(bits, device)) {
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
