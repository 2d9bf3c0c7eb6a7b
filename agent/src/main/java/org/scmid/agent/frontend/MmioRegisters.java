// The registers of a virtio-mmio ring in a window, as the agent reads and writes them.
package org.scmid.agent.frontend;

/**
 * The passive register page at offset 0 of a window (virtio 1.2, section 4.2.2): read as memory, written by one write
 * transaction of the control block at a time. Constants are offsets; {@code R} are read, {@code W} are written.
 */
public final class MmioRegisters {
    /** R: 0x74726976. */
    public static final int MAGIC_VALUE = 0x000;
    /** R: 2. */
    public static final int VERSION = 0x004;
    /** R: 32, SCMI. */
    public static final int DEVICE_ID = 0x008;
    /** R. */
    public static final int VENDOR_ID = 0x00c;
    /** R: 32 of the offered features, those that DeviceFeaturesSel names. */
    public static final int DEVICE_FEATURES = 0x010;
    /** W. */
    public static final int DEVICE_FEATURES_SEL = 0x014;
    /** W: 32 of the accepted features, those that DriverFeaturesSel names. */
    public static final int DRIVER_FEATURES = 0x020;
    /** W. */
    public static final int DRIVER_FEATURES_SEL = 0x024;
    /** W: the queue that the registers from here to QueueDeviceHigh are those of. */
    public static final int QUEUE_SEL = 0x030;
    /** R: most entries; 0 if there is no such queue. */
    public static final int QUEUE_NUM_MAX = 0x034;
    /** W: entries. */
    public static final int QUEUE_NUM = 0x038;
    /** RW. */
    public static final int QUEUE_READY = 0x044;
    /** W: a queue's number. */
    public static final int QUEUE_NOTIFY = 0x050;
    /** R: bit 0: used elements. */
    public static final int INTERRUPT_STATUS = 0x060;
    /** W: bits of InterruptStatus to be cleared. */
    public static final int INTERRUPT_ACK = 0x064;
    /** RW; 0 is the reset. */
    public static final int STATUS = 0x070;
    /** W: descriptors' address, low half; the high half follows. */
    public static final int QUEUE_DESC_LOW = 0x080;
    /** W: available part's address, low half; the high half follows. */
    public static final int QUEUE_DRIVER_LOW = 0x090;
    /** W: used part's address, low half; the high half follows. */
    public static final int QUEUE_DEVICE_LOW = 0x0a0;
    /** W: a shared memory region's number. */
    public static final int SHM_SEL = 0x0ac;
    /** R: its length, low half, high half, then its base likewise; all ones: there is none. */
    public static final int SHM_LEN_LOW = 0x0b0;
    /** W: resets the selected queue, with a feature that is not offered here. */
    public static final int QUEUE_RESET = 0x0c0;
    /** R. */
    public static final int CONFIG_GENERATION = 0x0fc;
    /** Where the registers end. */
    public static final int END = 0x200;

    public static final int MAGIC = 0x74726976;
    public static final int DEVICE_SCMI = 32;
    /** VIRTIO_SCMI_F_P2A_CHANNELS, of the lower 32 features. */
    public static final int P2A_CHANNELS = 1;
    /** VIRTIO_F_VERSION_1, of the upper 32 features. */
    public static final int VERSION_1 = 1;

    public static final int ACKNOWLEDGE = 1;
    public static final int DRIVER = 2;
    public static final int DRIVER_OK = 4;
    public static final int FEATURES_OK = 8;
    public static final int DEVICE_NEEDS_RESET = 64;
    public static final int FAILED = 128;

    private final DriverWindow window;
    private final DriverControl control;

    MmioRegisters(DriverWindow window, DriverControl control) {
        this.window = window;
        this.control = control;
    }

    /** What a register reads as. */
    public int read(int register) {
        return window.load(register);
    }

    /** Begins to write one; the next may begin when {@link #isWritten}. */
    public void beginWrite(int register, int value) {
        control.beginWrite(register, value);
    }

    /** Whether the server has carried the last write out. Believe it only if {@link DriverControl#isSessionAlive}. */
    public boolean isWritten() {
        return control.isWriteAcknowledged();
    }
}
