/* The versions of the Clock protocol. */
package org.scmid.protocol.clock;

/** The versions of the Clock protocol. */
public final class ClockVersion {
    /** SCMI 1.0 to 3.0. */
    public static final int V1_0 = 0x10000;

    /** SCMI 3.1: extended names, enable delay, notifications. */
    public static final int V2_0 = 0x20000;

    /** SCMI 3.2: parents, permissions, CLOCK_CONFIG_GET, extended configuration, NEGOTIATE_PROTOCOL_VERSION. */
    public static final int V3_0 = 0x30000;

    private ClockVersion() {}
}
