// A VMM and its guest in one: connected memory and rings.
package org.scmid.transport.vhostuser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.scmid.agent.frontend.DriverMemory;
import org.scmid.agent.frontend.DriverRing;
import org.scmid.agent.frontend.VhostUserFrontend;
import org.scmid.linux.EventFd;
import org.scmid.linux.LinuxException;
import org.scmid.transport.Await;

/** Two regions, a command ring and an event ring of 64 entries in the first, buffers in both. */
final class Guest implements AutoCloseable {
    static final long LOW = 0x40000000L;
    static final long HIGH = 0x1_0000_0000L;
    static final long ALL_PROTOCOL_FEATURES = VhostUserConnection.PROTOCOL_FEATURES;
    static final long FEATURES = VhostUser.F_P2A_CHANNELS | VhostUser.F_EVENT_IDX | VhostUser.F_INDIRECT_DESC;

    final VhostUserFrontend vmm;
    final DriverMemory memory = new DriverMemory();
    final DriverMemory.Region low;
    final DriverMemory.Region high;
    final DriverRing commands;
    final DriverRing events;
    final EventFd commandKick = EventFd.create();
    final EventFd commandCall = EventFd.create();
    final EventFd eventKick = EventFd.create();
    final EventFd eventCall = EventFd.create();

    Guest(VhostUserFrontend vmm) throws LinuxException {
        this.vmm = vmm;
        low = memory.add(LOW, 0x100000, 0x2000);
        high = memory.add(HIGH, 0x100000, 0);
        commands = new DriverRing(memory, LOW, 64, true);
        events = new DriverRing(memory, LOW + 0x4000, 64, true);
    }

    /** Everything up to running rings, as QEMU does it. */
    Guest boot() throws LinuxException {
        vmm.negotiate(FEATURES, ALL_PROTOCOL_FEATURES);
        vmm.addRegion(low);
        vmm.addRegion(high);
        startRings(0, 0);
        return this;
    }

    void startRings(int commandBase, int eventBase) throws LinuxException {
        vmm.startRing(0, memory, commands, commandBase, commandKick, commandCall);
        vmm.startRing(1, memory, events, eventBase, eventKick, eventCall);
        vmm.enableRing(0, true);
        vmm.enableRing(1, true);
    }

    void request(int value) throws LinuxException {
        byte[] bytes = new byte[12];
        Arrays.fill(bytes, (byte) value);
        memory.write(HIGH + 0x100, bytes, bytes.length);
        assertTrue(commands.add(new long[] {HIGH + 0x100, LOW + 0x8000}, new int[] {12, 64}, 1, 2) >= 0);
        commands.publish();
        if (commands.needsKick()) {
            commandKick.signal();
        }
    }

    void expectAnswer(int value) throws Exception {
        Await.until("an answer", commands::takeUsed);
        assertEquals(12, commands.usedLength());
        byte[] bytes = new byte[12];
        memory.read(LOW + 0x8000, bytes, 12);
        for (byte one : bytes) {
            assertEquals((byte) ~value, one);
        }
    }

    void exchange(int value) throws Exception {
        request(value);
        expectAnswer(value);
    }

    @Override
    public void close() {
        vmm.close();
        memory.close();
        commandKick.close();
        commandCall.close();
        eventKick.close();
        eventCall.close();
    }
}
