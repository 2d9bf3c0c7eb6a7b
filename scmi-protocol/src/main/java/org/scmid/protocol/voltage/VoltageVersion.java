/* The versions of the Voltage protocol. */
package org.scmid.protocol.voltage;

/** The versions of the Voltage protocol. */
public final class VoltageVersion {
    /** SCMI 3.0. */
    public static final int V1_0 = 0x10000;

    /** SCMI 3.1: extended names, asynchronous changes of level. */
    public static final int V2_0 = 0x20000;

    /** SCMI 3.2: NEGOTIATE_PROTOCOL_VERSION. */
    public static final int V2_1 = 0x20001;

    private VoltageVersion() {}
}
