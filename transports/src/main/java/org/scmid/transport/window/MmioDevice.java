// The virtio-mmio ring: a virtio-mmio device whose registers are an image in shared memory.
package org.scmid.transport.window;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.transport.virtqueue.BadRingException;
import org.scmid.transport.virtqueue.LinkedChains;
import org.scmid.transport.virtqueue.RingLayout;
import org.scmid.transport.virtqueue.SplitQueue;

/**
 * The registers of virtio-mmio version 2 (virtio 1.2, section 4.2.2) for an SCMI device, at 0x000 to 0x1ff of the
 * window. This image is written by the server alone; the driver writes a register by a write transaction of the control
 * block. In the image of write-only registers, and of what is not named here, there is 0.
 *
 * <pre>
 * 0x000 R  MagicValue 0x74726976       0x050 W  QueueNotify: as the kick counters, not needed
 * 0x004 R  Version 2                   0x060 R  InterruptStatus: bit 0 used buffers
 * 0x008 R  DeviceID 32                 0x064 W  InterruptACK
 * 0x00c R  VendorID "SCMI"             0x070 RW Status; 0 is the device reset
 * 0x010 R  DeviceFeatures, 1 and 1     0x080 W  QueueDescLow, 0x084 QueueDescHigh
 * 0x014 W  DeviceFeaturesSel           0x090 W  QueueDriverLow, 0x094 QueueDriverHigh
 * 0x020 W  DriverFeatures              0x0a0 W  QueueDeviceLow, 0x0a4 QueueDeviceHigh
 * 0x024 W  DriverFeaturesSel           0x0ac W  SHMSel
 * 0x030 W  QueueSel                    0x0b0 R  SHMLen, 0x0b8 SHMBase: all ones, there are no such regions
 * 0x034 R  QueueNumMax 64              0x0fc R  ConfigGeneration 0
 * 0x038 W  QueueNum
 * 0x044 RW QueueReady
 * </pre>
 *
 * <p>Offered are VIRTIO_SCMI_F_P2A_CHANNELS (0) and VIRTIO_F_VERSION_1 (32). FEATURES_OK does not stick without the
 * latter, nor with anything else. Rings are served from DRIVER_OK on.
 */
final class MmioDevice implements WindowDevice {
    private static final int MAGIC = ControlBlock.magic("SCMB");
    private static final int CONTROL_BLOCK = 0x200;

    private static final int MAGIC_VALUE = 0x74726976;
    private static final int VERSION = 2;
    private static final int DEVICE_ID = 32;
    private static final int VENDOR_ID = ControlBlock.magic("SCMI");
    private static final int QUEUE_NUM_MAX = 64;
    private static final int QUEUES = 2;

    private static final int FEATURE_P2A_CHANNELS = 1;
    /** Bit 32, in the second word of features. */
    private static final int FEATURE_VERSION_1 = 1;

    private static final int STATUS_DRIVER_OK = 4;
    private static final int STATUS_FEATURES_OK = 8;
    private static final int STATUS_BITS = 0xff;

    private static final int MAGIC_AT = 0x000;
    private static final int VERSION_AT = 0x004;
    private static final int DEVICE_ID_AT = 0x008;
    private static final int VENDOR_ID_AT = 0x00c;
    private static final int DEVICE_FEATURES_AT = 0x010;
    private static final int DEVICE_FEATURES_SEL_AT = 0x014;
    private static final int DRIVER_FEATURES_AT = 0x020;
    private static final int DRIVER_FEATURES_SEL_AT = 0x024;
    private static final int QUEUE_SEL_AT = 0x030;
    private static final int QUEUE_NUM_MAX_AT = 0x034;
    private static final int QUEUE_NUM_AT = 0x038;
    private static final int QUEUE_READY_AT = 0x044;
    private static final int INTERRUPT_STATUS_AT = 0x060;
    private static final int INTERRUPT_ACK_AT = 0x064;
    private static final int STATUS_AT = 0x070;
    private static final int QUEUE_DESC_AT = 0x080;
    private static final int QUEUE_DRIVER_AT = 0x090;
    private static final int QUEUE_DEVICE_AT = 0x0a0;
    private static final int SHM_LEN_AT = 0x0b0;
    private static final int SHM_BASE_AT = 0x0b8;
    private static final int IMAGE_END = 0x200;

    private final WindowMemory memory;
    private final Queue[] queues = new Queue[QUEUES];
    private @Nullable Mapping window;

    private int status;
    private int deviceFeaturesSel;
    private int driverFeaturesSel;
    private final int[] driverFeatures = new int[2];
    /** A feature was accepted that was not offered. */
    private boolean strangeFeatures;

    private int queueSel;
    private int interruptStatus;

    /** A queue as the driver has set it up so far. */
    private final class Queue {
        final SplitQueue ring = SplitQueue.strict(new LinkedChains(memory));
        int num;
        long descriptors;
        long driver;
        long device;
        boolean ready;

        void reset() {
            ring.stop();
            num = 0;
            descriptors = 0;
            driver = 0;
            device = 0;
            ready = false;
        }

        @Override
        public String toString() {
            return Integer.toUnsignedString(num) + " entries, of at most " + QUEUE_NUM_MAX + ", and parts at 0x"
                    + Long.toHexString(descriptors) + ", 0x" + Long.toHexString(driver) + " and 0x"
                    + Long.toHexString(device);
        }

        /** Begins to own the ring; false if it lies where it must not, or has a size that it must not have. */
        boolean start() {
            RingLayout.Part table = memory.part(descriptors, RingLayout.descriptorBytes(num));
            RingLayout.Part available = memory.part(driver, RingLayout.availableBytes(num));
            RingLayout.Part used = memory.part(device, RingLayout.usedBytes(num));
            if (num > QUEUE_NUM_MAX || table == null || available == null || used == null) {
                return false;
            }
            try {
                ring.startEmpty(RingLayout.of(num, table, available, used));
            } catch (BadRingException e) {
                return false;
            }
            ready = true;
            return true;
        }
    }

    /** @param guestAddress the guest's address of the window's first byte */
    MmioDevice(long guestAddress) {
        memory = new WindowMemory(guestAddress);
        for (int i = 0; i < QUEUES; i++) {
            queues[i] = new Queue();
        }
    }

    SplitQueue commands() {
        return queues[0].ring;
    }

    SplitQueue events() {
        return queues[1].ring;
    }

    @Override
    public ControlBlock place(Mapping mapped) {
        window = mapped;
        memory.place(mapped);
        return new ControlBlock(mapped, CONTROL_BLOCK, MAGIC, null);
    }

    @Override
    public void halt() {
        for (Queue queue : queues) {
            queue.ring.stop();
        }
    }

    @Override
    public void reset() {
        for (Queue queue : queues) {
            queue.reset();
        }
        status = 0;
        deviceFeaturesSel = 0;
        driverFeaturesSel = 0;
        driverFeatures[0] = 0;
        driverFeatures[1] = 0;
        strangeFeatures = false;
        queueSel = 0;
        interruptStatus = 0;
        publish();
    }

    @Override
    public void begin() {
        // The driver sets everything up by register writes.
    }

    @Override
    public String violation() {
        Queue queue = selected();
        return "queue " + queueSel + (queue == null ? "" : " was made ready with " + queue + "; " + memory.describe());
    }

    @Override
    public boolean serving() {
        return (status & STATUS_DRIVER_OK) != 0 && queues[0].ring.running();
    }

    @Override
    public boolean hasEvents() {
        return (driverFeatures[0] & FEATURE_P2A_CHANNELS) != 0;
    }

    @Override
    public void usedUpdated() {
        interruptStatus |= 1;
        put(INTERRUPT_STATUS_AT, interruptStatus);
    }

    @Override
    public Written write(int offset, int value) {
        switch (offset) {
            case DEVICE_FEATURES_SEL_AT -> deviceFeaturesSel = value;
            case DRIVER_FEATURES_SEL_AT -> driverFeaturesSel = value;
            case DRIVER_FEATURES_AT -> acceptFeatures(value);
            case QUEUE_SEL_AT -> queueSel = value;
            case INTERRUPT_ACK_AT -> interruptStatus &= ~value;
            case STATUS_AT -> {
                if (value == 0) {
                    reset();
                    return Written.DEVICE_RESET;
                }
                status = featuresAreFine() ? value & STATUS_BITS : value & STATUS_BITS & ~STATUS_FEATURES_OK;
            }
            default -> {
                Queue queue = selected();
                if (queue != null && !writeQueue(queue, offset, value)) {
                    return Written.VIOLATION;
                }
            }
        }
        publishBanked();
        return Written.DONE;
    }

    private void acceptFeatures(int bits) {
        if ((status & STATUS_FEATURES_OK) != 0) {
            return; // what was agreed stays until the reset
        }
        if (driverFeaturesSel == 0 || driverFeaturesSel == 1) {
            driverFeatures[driverFeaturesSel] = bits;
        } else if (bits != 0) {
            strangeFeatures = true;
        }
    }

    private boolean featuresAreFine() {
        return driverFeatures[1] == FEATURE_VERSION_1
                && (driverFeatures[0] & ~FEATURE_P2A_CHANNELS) == 0
                && !strangeFeatures;
    }

    /** A register of the selected queue; false if the write is a violation. While a queue is ready only that can end. */
    private static boolean writeQueue(Queue queue, int offset, int value) {
        if (offset == QUEUE_READY_AT) {
            if (value == 0) {
                queue.ready = false;
                queue.ring.stop();
                return true;
            }
            return queue.ready || queue.start();
        }
        if (queue.ready) {
            return true;
        }
        switch (offset) {
            case QUEUE_NUM_AT -> queue.num = value;
            case QUEUE_DESC_AT -> queue.descriptors = withLow(queue.descriptors, value);
            case QUEUE_DESC_AT + 4 -> queue.descriptors = withHigh(queue.descriptors, value);
            case QUEUE_DRIVER_AT -> queue.driver = withLow(queue.driver, value);
            case QUEUE_DRIVER_AT + 4 -> queue.driver = withHigh(queue.driver, value);
            case QUEUE_DEVICE_AT -> queue.device = withLow(queue.device, value);
            case QUEUE_DEVICE_AT + 4 -> queue.device = withHigh(queue.device, value);
            default -> {
                // Not a register that can be written: ignored.
            }
        }
        return true;
    }

    private @Nullable Queue selected() {
        return queueSel >= 0 && queueSel < QUEUES ? queues[queueSel] : null;
    }

    private static long withLow(long address, int low) {
        return (address & 0xffff_ffff_0000_0000L) | (low & 0xffff_ffffL);
    }

    private static long withHigh(long address, int high) {
        return (long) high << 32 | (address & 0xffff_ffffL);
    }

    // ---- The image.

    @Override
    public void publish() {
        for (int at = 0; at < IMAGE_END; at += 4) {
            put(at, image(at));
        }
    }

    /** What a register write can change of the image. */
    private void publishBanked() {
        put(DEVICE_FEATURES_AT, image(DEVICE_FEATURES_AT));
        put(QUEUE_NUM_MAX_AT, image(QUEUE_NUM_MAX_AT));
        put(QUEUE_READY_AT, image(QUEUE_READY_AT));
        put(INTERRUPT_STATUS_AT, interruptStatus);
        put(STATUS_AT, status);
    }

    private int image(int at) {
        Queue queue = selected();
        return switch (at) {
            case MAGIC_AT -> MAGIC_VALUE;
            case VERSION_AT -> VERSION;
            case DEVICE_ID_AT -> DEVICE_ID;
            case VENDOR_ID_AT -> VENDOR_ID;
            case DEVICE_FEATURES_AT ->
                switch (deviceFeaturesSel) {
                    case 0 -> FEATURE_P2A_CHANNELS;
                    case 1 -> FEATURE_VERSION_1;
                    default -> 0;
                };
            case QUEUE_NUM_MAX_AT -> queue == null ? 0 : QUEUE_NUM_MAX;
            case QUEUE_READY_AT -> queue != null && queue.ready ? 1 : 0;
            case INTERRUPT_STATUS_AT -> interruptStatus;
            case STATUS_AT -> status;
            case SHM_LEN_AT, SHM_LEN_AT + 4, SHM_BASE_AT, SHM_BASE_AT + 4 -> -1;
            default -> 0;
        };
    }

    private void put(int at, int value) {
        Mapping memory = window;
        if (memory == null) {
            throw new IllegalStateException("no window");
        }
        memory.putIntRelease(at, value);
    }
}
