/* The states that a system can be asked to enter. */
package org.scmid.protocol.system;

/** The system_state word, and the flags that come with it. */
public final class SystemState {
    /** Off. */
    public static final int SHUTDOWN = 0;

    /** Off and on again, nothing is kept. */
    public static final int COLD_RESET = 1;

    /** A reset that keeps what the platform defines. */
    public static final int WARM_RESET = 2;

    /** On. */
    public static final int POWER_UP = 3;

    /** Asleep, memory is kept. */
    public static final int SUSPEND = 4;

    /** The states from here on, as unsigned numbers, belong to vendors; those between are reserved. */
    public static final int FIRST_OF_VENDORS = 0x8000_0000;

    /** Flag: the system may finish its work; else it is forced. */
    public static final int FLAG_GRACEFUL = 1;

    /** Flags that must be 0. */
    public static final int FLAGS_RESERVED = ~FLAG_GRACEFUL;

    private SystemState() {}
}
