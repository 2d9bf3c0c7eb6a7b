/* The versions of the System power protocol. */
package org.scmid.protocol.system;

/** The versions of the System power protocol. */
public final class SystemPowerVersion {
    /** SCMI 1.0 to 3.0. */
    public static final int V1_0 = 0x10000;

    /** SCMI 3.1: notifications have a time-out. */
    public static final int V2_0 = 0x20000;

    /** SCMI 3.2: NEGOTIATE_PROTOCOL_VERSION. */
    public static final int V2_1 = 0x20001;

    private SystemPowerVersion() {}
}
