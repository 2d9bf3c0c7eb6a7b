/* The versions of the Sensor protocol. */
package org.scmid.protocol.sensor;

/** The versions of the Sensor protocol. */
public final class SensorVersion {
    /** SCMI 1.0 and 2.0: bare values, no axes. */
    public static final int V1_0 = 0x10000;

    /** SCMI 3.0: axes, timestamps, extended attributes, configuration, continuous updates. */
    public static final int V2_0 = 0x20000;

    /** SCMI 3.1: extended names. */
    public static final int V3_0 = 0x30000;

    /** SCMI 3.2: NEGOTIATE_PROTOCOL_VERSION. */
    public static final int V3_1 = 0x30001;

    private SensorVersion() {}
}
