/* The versions of the Performance protocol. */
package org.scmid.protocol.performance;

/** The versions of the Performance protocol. */
public final class PerformanceVersion {
    /** SCMI 1.0. */
    public static final int V1_0 = 0x10000;

    /** SCMI 2.0 and 3.0: fast channels. */
    public static final int V2_0 = 0x20000;

    /** SCMI 3.1: extended names, power in microwatts, limits that are left as they are. */
    public static final int V3_0 = 0x30000;

    /** SCMI 3.2: level indexing, the frequency of each level, NEGOTIATE_PROTOCOL_VERSION. */
    public static final int V4_0 = 0x40000;

    private PerformanceVersion() {}
}
