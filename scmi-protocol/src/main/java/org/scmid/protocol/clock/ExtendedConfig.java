/* The types of extended clock configuration. */
package org.scmid.protocol.clock;

/** The extended configuration types of CLOCK_CONFIG_SET and CLOCK_CONFIG_GET (3.0), 0..255. */
public final class ExtendedConfig {
    /** No extended configuration. */
    public static final int NONE = 0;

    /** Duty cycle in percent. */
    public static final int DUTY_CYCLE = 1;

    /** Phase. */
    public static final int PHASE = 2;

    /** From here on types belong to vendors. */
    public static final int FIRST_OF_VENDORS = 0x80;

    private ExtendedConfig() {}
}
