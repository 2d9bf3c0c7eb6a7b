/* The versions of the Base protocol. */
package org.scmid.protocol.base;

/** The versions of the Base protocol. */
public final class BaseVersion {
    /** SCMI 1.0. */
    public static final int V1_0 = 0x10000;

    /** SCMI 2.0 to 3.1: permissions, RESET_AGENT_CONFIGURATION, agent_id in the reply of DISCOVER_AGENT. */
    public static final int V2_0 = 0x20000;

    /** SCMI 3.2: NEGOTIATE_PROTOCOL_VERSION. */
    public static final int V2_1 = 0x20001;

    private BaseVersion() {}
}
