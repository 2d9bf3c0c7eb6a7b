/* The versions of the Power domain protocol. */
package org.scmid.protocol.power;

/** The versions of the Power domain protocol. */
public final class PowerVersion {
    /** SCMI 1.0. */
    public static final int V1_0 = 0x10000;

    /** SCMI 2.0: POWER_STATE_CHANGE_REQUESTED_NOTIFY. */
    public static final int V2_0 = 0x20000;

    /** SCMI 3.0, called 2.1: domains say whether they notify of requests. */
    public static final int V2_1 = 0x21000;

    /** SCMI 3.1: extended names. */
    public static final int V3_0 = 0x30000;

    /** SCMI 3.2: NEGOTIATE_PROTOCOL_VERSION. */
    public static final int V3_1 = 0x30001;

    private PowerVersion() {}
}
