/* PERFORMANCE_DOMAIN_ATTRIBUTES: a performance domain's name, features and sustained level. */
package org.scmid.protocol.performance;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Name;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;

/** PERFORMANCE_DOMAIN_ATTRIBUTES (0x3). Its request is a {@link org.scmid.protocol.common.ResourceRequest}. */
public final class PerformanceDomainAttributes {
    private PerformanceDomainAttributes() {}

    /**
     * <pre>
     * attributes
     *   31    the agent may set limits
     *   30    the agent may set the level
     *   29    notifications of changed limits
     *   28    notifications of a changed level
     *   27    fast channels (2.0 and later)
     *   26    has an extended name, see PERFORMANCE_DOMAIN_NAME_GET (3.0 and later)
     *   25    levels are named by their index (4.0)
     *   24:0  reserved
     * rate_limit
     *   19:0   least microseconds between two requests, 0 if not given
     *   31:20  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = PerformanceMessage.PERFORMANCE_DOMAIN_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");
        private static final U32 RATE_LIMIT = LAYOUT.u32("rate_limit");
        private static final U32 SUSTAINED_FREQUENCY = LAYOUT.u32("sustained_freq");
        private static final U32 SUSTAINED_LEVEL = LAYOUT.u32("sustained_perf_level");
        private static final Name NAME = LAYOUT.name("name");

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

        public Reply() {
            super(LAYOUT);
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
            return get(ATTRIBUTES);
        }

        /** Writes those of the bits that {@code version} defines. */
        public Reply attributes(int attributes, int version) {
            return put(ATTRIBUTES, attributes & definedAttributes(version));
        }

        /** Microseconds, 0..1048575. */
        public int rateLimit() {
            return get(RATE_LIMIT) & MAX_RATE_LIMIT;
        }

        /** Microseconds, 0..1048575. */
        public Reply rateLimit(int microseconds) {
            return put(RATE_LIMIT, checkCount("rate limit", microseconds, MAX_RATE_LIMIT));
        }

        /** In kHz, unsigned. */
        public int sustainedFrequency() {
            return get(SUSTAINED_FREQUENCY);
        }

        public Reply sustainedFrequency(int kilohertz) {
            return put(SUSTAINED_FREQUENCY, kilohertz);
        }

        /** Unsigned. */
        public int sustainedLevel() {
            return get(SUSTAINED_LEVEL);
        }

        public Reply sustainedLevel(int level) {
            return put(SUSTAINED_LEVEL, level);
        }

        public String name() {
            return get(NAME);
        }

        /** Writes the name, cut to 15 characters; see {@link Names#needsExtended}. */
        public Reply name(CharSequence name) {
            return put(NAME, name);
        }
    }
}
