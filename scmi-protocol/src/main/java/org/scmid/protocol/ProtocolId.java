/* The SCMI protocols: their ids, names and versions. */
package org.scmid.protocol;

import org.jspecify.annotations.Nullable;
import org.scmid.protocol.catalogue.MessageTables;

/**
 * The protocols of SCMI up to 3.2, with the versions that were published.
 *
 * <p>That a protocol is listed does not mean that this service offers it; see {@link MessageTables} for those that can
 * be read and written.
 */
public enum ProtocolId {
    BASE(0x10, "base", 0x10000, 0x20000, 0x20001),
    POWER(0x11, "power", 0x10000, 0x20000, 0x21000, 0x30000, 0x30001),
    SYSTEM(0x12, "system", 0x10000, 0x20000, 0x20001),
    PERFORMANCE(0x13, "performance", 0x10000, 0x20000, 0x30000, 0x40000),
    CLOCK(0x14, "clock", 0x10000, 0x20000, 0x30000),
    SENSOR(0x15, "sensor", 0x10000, 0x20000, 0x30000, 0x30001),
    RESET(0x16, "reset", 0x10000, 0x20000, 0x30000, 0x30001),
    VOLTAGE(0x17, "voltage", 0x10000, 0x20000, 0x20001),
    POWERCAP(0x18, "powercap", 0x10000, 0x20000),
    PINCTRL(0x19, "pinctrl", 0x10000);

    /** Ids are eight bits wide. */
    public static final int MAX_ID = 0xFF;

    /** From here on ids belong to vendors. */
    public static final int FIRST_OF_VENDORS = 0x80;

    private static final @Nullable ProtocolId[] BY_ID = new ProtocolId[MAX_ID + 1];

    static {
        for (ProtocolId protocol : values()) {
            BY_ID[protocol.id] = protocol;
        }
    }

    private final int id;
    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // never written, never handed out
    private final int[] versions;

    ProtocolId(int id, String label, int... versions) {
        this.id = id;
        this.label = label;
        this.versions = versions;
    }

    /** The id in the header, 0x10..0xFF. */
    public int id() {
        return id;
    }

    /** Short lower-case name for logs and metrics. */
    public String label() {
        return label;
    }

    /** The published versions, oldest first. A copy. */
    public int[] versions() {
        return versions.clone();
    }

    /** Whether this version was published. */
    public boolean hasVersion(int version) {
        for (int known : versions) {
            if (known == version) {
                return true;
            }
        }
        return false;
    }

    /** The newest version known here, that of SCMI 3.2. */
    public int newestVersion() {
        return versions[versions.length - 1];
    }

    /** The protocol with this id, null if it is none of SCMI 3.2, also when out of range. */
    public static @Nullable ProtocolId of(int id) {
        return id >= 0 && id <= MAX_ID ? BY_ID[id] : null;
    }
}
