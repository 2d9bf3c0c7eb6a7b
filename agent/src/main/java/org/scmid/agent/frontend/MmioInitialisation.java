// The register writes by which a driver initialises a virtio-scmi device in a window.
package org.scmid.agent.frontend;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Initialises a device as virtio 1.2, section 3.1.1, and its section 4.2.3 for the queues say, one acknowledged write
 * after the other.
 */
final class MmioInitialisation {
    /** One write, and what must hold once it is acknowledged. */
    private record Write(int register, int value, Supplier<@Nullable String> check) {}

    private final MmioRegisters registers;
    private final List<Write> writes = new ArrayList<>();
    private int position;

    /**
     * @param commands the ring of queue 0
     * @param events the ring of queue 1; null: no events are wanted
     */
    MmioInitialisation(MmioRegisters registers, DriverRing commands, @Nullable DriverRing events) {
        this.registers = registers;
        write(MmioRegisters.STATUS, 0, this::checkIdentity);
        write(MmioRegisters.STATUS, MmioRegisters.ACKNOWLEDGE);
        write(MmioRegisters.STATUS, MmioRegisters.ACKNOWLEDGE | MmioRegisters.DRIVER);
        acceptFeatures(events != null);
        setUpQueue(0, commands);
        if (events != null) {
            setUpQueue(1, events);
        }
        write(
                MmioRegisters.STATUS,
                MmioRegisters.ACKNOWLEDGE | MmioRegisters.DRIVER | MmioRegisters.FEATURES_OK | MmioRegisters.DRIVER_OK);
    }

    /** Begins the next write; false if all were. */
    boolean beginNext() {
        if (position == writes.size()) {
            return false;
        }
        Write next = writes.get(position);
        registers.beginWrite(next.register, next.value);
        return true;
    }

    /** After the write was acknowledged: why it is of no use to go on, or null. */
    @Nullable
    String finish() {
        Write written = writes.get(position);
        position++;
        return written.check.get();
    }

    private void acceptFeatures(boolean withEvents) {
        write(MmioRegisters.DEVICE_FEATURES_SEL, 0, () -> {
            boolean offered = (registers.read(MmioRegisters.DEVICE_FEATURES) & MmioRegisters.P2A_CHANNELS) != 0;
            return offered || !withEvents ? null : "the device offers no event queue";
        });
        write(
                MmioRegisters.DEVICE_FEATURES_SEL,
                1,
                () -> (registers.read(MmioRegisters.DEVICE_FEATURES) & MmioRegisters.VERSION_1) != 0
                        ? null
                        : "the device does not offer VERSION_1");
        write(MmioRegisters.DRIVER_FEATURES_SEL, 0);
        write(MmioRegisters.DRIVER_FEATURES, withEvents ? MmioRegisters.P2A_CHANNELS : 0);
        write(MmioRegisters.DRIVER_FEATURES_SEL, 1);
        write(MmioRegisters.DRIVER_FEATURES, MmioRegisters.VERSION_1);
        write(
                MmioRegisters.STATUS,
                MmioRegisters.ACKNOWLEDGE | MmioRegisters.DRIVER | MmioRegisters.FEATURES_OK,
                () -> (registers.read(MmioRegisters.STATUS) & MmioRegisters.FEATURES_OK) != 0
                        ? null
                        : "the device does not accept the features");
    }

    private void setUpQueue(int queue, DriverRing ring) {
        write(MmioRegisters.QUEUE_SEL, queue, () -> {
            if (registers.read(MmioRegisters.QUEUE_READY) != 0) {
                return "queue " + queue + " is ready before it was set up";
            }
            int most = registers.read(MmioRegisters.QUEUE_NUM_MAX);
            return most >= ring.size() ? null : "queue " + queue + " has " + most + " entries at most";
        });
        write(MmioRegisters.QUEUE_NUM, ring.size());
        writeAddress(MmioRegisters.QUEUE_DESC_LOW, ring.descriptorsAt());
        writeAddress(MmioRegisters.QUEUE_DRIVER_LOW, ring.availableAt());
        writeAddress(MmioRegisters.QUEUE_DEVICE_LOW, ring.usedAt());
        write(
                MmioRegisters.QUEUE_READY,
                1,
                () -> registers.read(MmioRegisters.QUEUE_READY) == 1 ? null : "queue " + queue + " does not get ready");
    }

    private @Nullable String checkIdentity() {
        if (registers.read(MmioRegisters.MAGIC_VALUE) != MmioRegisters.MAGIC
                || registers.read(MmioRegisters.VERSION) != 2) {
            return "no registers of virtio-mmio version 2";
        }
        int device = registers.read(MmioRegisters.DEVICE_ID);
        return device == MmioRegisters.DEVICE_SCMI ? null : "device " + device + " is not an SCMI device";
    }

    private void writeAddress(int register, long address) {
        write(register, (int) address);
        write(register + 4, (int) (address >>> 32));
    }

    private void write(int register, int value) {
        write(register, value, () -> null);
    }

    private void write(int register, int value, Supplier<@Nullable String> check) {
        writes.add(new Write(register, value, check));
    }
}
