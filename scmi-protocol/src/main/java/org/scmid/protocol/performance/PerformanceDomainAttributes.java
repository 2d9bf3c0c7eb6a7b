/* PERFORMANCE_DOMAIN_ATTRIBUTES: a performance domain's name, features and sustained level. */
package org.scmid.protocol.performance;

import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;

/** PERFORMANCE_DOMAIN_ATTRIBUTES (0x3). Its request is a {@link org.scmid.protocol.common.ResourceRequest}. */
public final class PerformanceDomainAttributes {
    private PerformanceDomainAttributes() {}

    /**
     * <pre>
     * 0   u32     attributes
     *               31    the agent may set limits
     *               30    the agent may set the level
     *               29    notifications of changed limits
     *               28    notifications of a changed level
     *               27    fast channels (2.0 and later)
     *               26    has an extended name, see PERFORMANCE_DOMAIN_NAME_GET (3.0 and later)
     *               25    levels are named by their index (4.0)
     *               24:0  reserved
     * 4   u32     rate_limit
     *               19:0   least microseconds between two requests, 0 if not given
     *               31:20  reserved
     * 8   u32     sustained frequency in kHz
     * 12  u32     sustained performance level
     * 16  u8[16]  name, see {@link Names}
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 32;

        public static final int LEVEL_INDEXING = 1 << 25;
        public static final int EXTENDED_NAME = 1 << 26;
        public static final int FAST_CHANNELS = 1 << 27;
        public static final int LEVEL_NOTIFY = 1 << 28;
        public static final int LIMITS_NOTIFY = 1 << 29;
        public static final int MAY_SET_LEVEL = 1 << 30;
        public static final int MAY_SET_LIMITS = 1 << 31;

        /** Longest rate limit, in microseconds. */
        public static final int MAX_RATE_LIMIT = 0xFFFFF;

        private static final int DEFINED_V1 = MAY_SET_LIMITS | MAY_SET_LEVEL | LIMITS_NOTIFY | LEVEL_NOTIFY;
        private static final int DEFINED_V2 = DEFINED_V1 | FAST_CHANNELS;
        private static final int DEFINED_V3 = DEFINED_V2 | EXTENDED_NAME;
        private static final int DEFINED_V4 = DEFINED_V3 | LEVEL_INDEXING;

        private static final int ATTRIBUTES = 0;
        private static final int RATE_LIMIT = 4;
        private static final int SUSTAINED_FREQUENCY = 8;
        private static final int SUSTAINED_LEVEL = 12;
        private static final int NAME = 16;

        public Reply() {
            super(LENGTH);
        }

        /** The attribute bits that have a meaning in a version of the protocol. */
        public static int definedAttributes(int version) {
            if (ProtocolVersion.isAtLeast(version, PerformanceVersion.V4_0)) {
                return DEFINED_V4;
            }
            if (ProtocolVersion.isAtLeast(version, PerformanceVersion.V3_0)) {
                return DEFINED_V3;
            }
            return ProtocolVersion.isAtLeast(version, PerformanceVersion.V2_0) ? DEFINED_V2 : DEFINED_V1;
        }

        /** The whole word. */
        public int attributes() {
            return u32(ATTRIBUTES);
        }

        /** Writes those of the bits that {@code version} defines. */
        public Reply attributes(int attributes, int version) {
            return putU32(ATTRIBUTES, attributes & definedAttributes(version));
        }

        /** Microseconds, 0..1048575. */
        public int rateLimit() {
            return u32(RATE_LIMIT) & MAX_RATE_LIMIT;
        }

        /** Microseconds, 0..1048575. */
        public Reply rateLimit(int microseconds) {
            return putU32(RATE_LIMIT, checkCount("rate limit", microseconds, MAX_RATE_LIMIT));
        }

        /** In kHz, unsigned. */
        public int sustainedFrequency() {
            return u32(SUSTAINED_FREQUENCY);
        }

        public Reply sustainedFrequency(int kilohertz) {
            return putU32(SUSTAINED_FREQUENCY, kilohertz);
        }

        /** Unsigned. */
        public int sustainedLevel() {
            return u32(SUSTAINED_LEVEL);
        }

        public Reply sustainedLevel(int level) {
            return putU32(SUSTAINED_LEVEL, level);
        }

        public String name() {
            return name(NAME, Names.SHORT_BYTES);
        }

        /** Writes the name, cut to 15 characters; see {@link Names#needsExtended}. */
        public Reply name(CharSequence name) {
            return putName(NAME, Names.SHORT_BYTES, name);
        }
    }
}
