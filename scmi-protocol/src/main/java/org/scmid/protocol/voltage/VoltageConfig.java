/* The word that says whether a voltage domain is on. */
package org.scmid.protocol.voltage;

/**
 * The config word of VOLTAGE_CONFIG_SET and VOLTAGE_CONFIG_GET.
 *
 * <pre>
 * 2:0   mode id
 * 3     0 architectural mode, 1 mode of the vendor
 * 31:4  reserved
 * </pre>
 */
public final class VoltageConfig {
    /** Architectural mode 0: off. */
    public static final int OFF = 0x0;

    /** Architectural mode 7: on. The modes between are reserved. */
    public static final int ON = 0x7;

    /** Set in every mode of the vendor. */
    public static final int VENDOR = 1 << 3;

    /** Bits that must be 0. */
    public static final int RESERVED = ~0xF;

    private VoltageConfig() {}
}
