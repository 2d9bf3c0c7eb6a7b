/* The versions of the Reset protocol. */
package org.scmid.protocol.reset;

/** The versions of the Reset protocol. */
public final class ResetVersion {
    /** SCMI 2.0. */
    public static final int V1_0 = 0x10000;

    /** SCMI 3.0. */
    public static final int V2_0 = 0x20000;

    /** SCMI 3.1: extended names. */
    public static final int V3_0 = 0x30000;

    /** SCMI 3.2: NEGOTIATE_PROTOCOL_VERSION. */
    public static final int V3_1 = 0x30001;

    private ResetVersion() {}
}
