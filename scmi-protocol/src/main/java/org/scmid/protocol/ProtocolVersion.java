/* Versions of SCMI protocols as the wire carries them. */
package org.scmid.protocol;

/** A protocol's version: one word, major in bits 31:16, minor in bits 15:0. Later versions are greater (unsigned). */
public final class ProtocolVersion {
    private static final int MOST_COUNTED = 0xFFF;

    private ProtocolVersion() {}

    /** The version word; each part is 0..65535. */
    public static int of(int major, int minor) {
        return major << 16 | (minor & 0xFFFF);
    }

    /** Major version, 0..65535. */
    public static int major(int version) {
        return version >>> 16;
    }

    /** Minor version, 0..65535. */
    public static int minor(int version) {
        return version & 0xFFFF;
    }

    /** Whether {@code version} is {@code since} or later. */
    public static boolean isAtLeast(int version, int since) {
        return Integer.compareUnsigned(version, since) >= 0;
    }

    /**
     * As people write it, {@code 2.1}; as the word it is, {@code 0x21000}, if its minor part is none that people count to.
     * Allocates.
     */
    public static String text(int version) {
        return minor(version) > MOST_COUNTED
                ? "0x" + Integer.toHexString(version)
                : major(version) + "." + minor(version);
    }
}
