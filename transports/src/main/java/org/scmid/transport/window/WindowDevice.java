// What the two layouts of a window do differently.
package org.scmid.transport.window;

import org.scmid.linux.Mapping;

/**
 * The device behind a window's control block. Epochs are not its affair: it is reset and begun by the {@link
 * WindowTransport}, whose two queues it starts and stops.
 */
interface WindowDevice {
    /** What became of a register write. */
    enum Written {
        /** It is done. */
        DONE,
        /** It was the device reset: what the agent holds is to be dropped. The device has done its part. */
        DEVICE_RESET,
        /** It is against the rules of the layout. */
        VIOLATION
    }

    /** Takes a newly mapped window; returns its control block. Nothing is written. */
    ControlBlock place(Mapping window);

    /** Stops both queues; the rings may be the driver's from here on. Does not touch memory. */
    void halt();

    /** As after a device reset: queues stopped, everything of this device in the window as it is at the beginning. */
    void reset();

    /** Writes again what of the window is the device's, but for the control block. */
    void publish();

    /** A session has begun: driver and server agree on both epochs. */
    void begin();

    /** Carries a register write out, and shows its effect. */
    Written write(int offset, int value);

    /** After a {@link Written#VIOLATION}: which, for a log line. */
    String violation();

    /** Whether the command queue may be served. */
    boolean serving();

    /** Whether the driver uses the event queue. */
    boolean hasEvents();

    /** A queue has used elements: before the driver is told of it. */
    void usedUpdated();
}
