// The requests by which a front end sets a back end up, one after the other.
package org.scmid.agent.frontend;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.transport.vhostuser.Request;
import org.scmid.transport.vhostuser.VhostUser;

/**
 * Collects requests, and sends each when the one before is carried out. What is collected is sent by {@link #step}, which
 * never waits, or by {@link VhostUserFrontend#carryOut}.
 */
public final class VhostUserSetup {
    private record Step(
            Request request, List<Fd> fds, BooleanSupplier isWanted, Supplier<byte[]> payload, LongConsumer answered) {}

    private final VhostUserFrontend frontend;
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private @Nullable Step underWay;
    private long offered;
    private long agreed;
    private long agreedProtocol;

    /** Nothing yet. */
    public VhostUserSetup(VhostUserFrontend frontend) {
        this.frontend = frontend;
    }

    /**
     * Negotiates as QEMU does: features, protocol features, ownership.
     *
     * @param features the virtio features wanted, of those offered
     * @param protocolFeatures those wanted, of those offered
     */
    public VhostUserSetup negotiate(long features, long protocolFeatures) {
        BooleanSupplier hasProtocolFeatures = () -> (offered & VhostUser.F_PROTOCOL_FEATURES) != 0;
        add(Request.GET_FEATURES, () -> true, VhostUserFrontend::u64, answer -> {
            offered = answer;
            agreed = offered & (features | VhostUser.F_PROTOCOL_FEATURES | VhostUser.F_VERSION_1);
        });
        add(
                Request.GET_PROTOCOL_FEATURES,
                hasProtocolFeatures,
                VhostUserFrontend::u64,
                answer -> agreedProtocol = answer & protocolFeatures);
        add(
                Request.SET_PROTOCOL_FEATURES,
                hasProtocolFeatures,
                () -> VhostUserFrontend.u64(agreedProtocol),
                ignored -> frontend.useReplyAck((agreedProtocol & VhostUser.PROTOCOL_REPLY_ACK) != 0));
        add(Request.SET_OWNER, VhostUserFrontend.u64());
        add(Request.SET_FEATURES, () -> true, () -> VhostUserFrontend.u64(agreed), ignored -> {});
        return this;
    }

    /** Shares all regions by one SET_MEM_TABLE. */
    public VhostUserSetup shareTable(DriverMemory memory) {
        List<DriverMemory.Region> regions = memory.regions();
        byte[] payload = new byte[8 + VhostUser.REGION_BYTES * regions.size()];
        payload[0] = (byte) regions.size();
        Fd[] fds = new Fd[regions.size()];
        for (int i = 0; i < fds.length; i++) {
            VhostUserFrontend.putRegion(payload, 8 + VhostUser.REGION_BYTES * i, regions.get(i));
            fds[i] = regions.get(i).fd();
        }
        return add(Request.SET_MEM_TABLE, payload, fds);
    }

    /**
     * Sets a ring up and starts it; it still has to be enabled if PROTOCOL_FEATURES was negotiated.
     *
     * @param index 0 commands, 1 events
     * @param base the available position to begin with
     * @param kick signalled by the driver
     * @param called signalled by the back end
     */
    public VhostUserSetup startRing(
            int index, DriverMemory memory, DriverRing ring, int base, EventFd kick, EventFd called) {
        add(Request.SET_VRING_NUM, VhostUserFrontend.u32(index, ring.size()));
        add(Request.SET_VRING_BASE, VhostUserFrontend.u32(index, base));
        add(Request.SET_VRING_ADDR, VhostUserFrontend.address(index, memory, ring));
        add(Request.SET_VRING_CALL, VhostUserFrontend.u64(index), called.fd());
        return add(Request.SET_VRING_KICK, VhostUserFrontend.u64(index), kick.fd());
    }

    /** Enables a ring, or disables it. */
    public VhostUserSetup enableRing(int index, boolean on) {
        return add(Request.SET_VRING_ENABLE, VhostUserFrontend.u32(index, on ? 1 : 0));
    }

    /** The virtio features that were negotiated. */
    public long agreed() {
        return agreed;
    }

    /**
     * Goes on as far as that is possible now.
     *
     * @return true if all that was collected is carried out; false if an answer is awaited
     * @throws LinuxException if the back end refuses a request, or is none
     */
    public boolean step() throws LinuxException {
        while (true) {
            Step current = underWay;
            if (current != null) {
                if (!frontend.isCarriedOut()) {
                    return false;
                }
                underWay = null;
                current.answered.accept(frontend.answer());
            }
            Step next = steps.poll();
            if (next == null) {
                return true;
            }
            if (next.isWanted.getAsBoolean()) {
                frontend.begin(next.request, next.payload.get(), next.fds.toArray(new Fd[0]));
                underWay = next;
            }
        }
    }

    private VhostUserSetup add(Request request, byte[] payload, Fd... fds) {
        steps.add(new Step(request, List.of(fds), () -> true, () -> payload, ignored -> {}));
        return this;
    }

    private void add(Request request, BooleanSupplier isWanted, Supplier<byte[]> payload, LongConsumer answered) {
        steps.add(new Step(request, List.of(), isWanted, payload, answered));
    }
}
