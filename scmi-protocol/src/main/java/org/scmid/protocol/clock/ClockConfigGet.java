/* CLOCK_CONFIG_GET: whether a clock is enabled, and its extended configuration. */
package org.scmid.protocol.clock;

import org.scmid.protocol.ReplyPayload;

/** CLOCK_CONFIG_GET (0xB), since 3.0. */
public final class ClockConfigGet {
    private ClockConfigGet() {}

    /**
     * <pre>
     * 0  u32  clock id
     * 4  u32  flags
     *           7:0   extended configuration type, see {@link ExtendedConfig}
     *           31:8  reserved
     * </pre>
     */
    public static final class Request extends ClockRequest<Request> {
        public static final int LENGTH = 8;
        public static final int FLAGS_RESERVED = ~0xFF;
        private static final int FLAGS = 4;

        public Request() {
            super(ClockMessage.CLOCK_CONFIG_GET, LENGTH);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return u32(FLAGS);
        }

        /** Extended configuration type, 0..255. */
        public int extendedType() {
            return flags() & ~FLAGS_RESERVED;
        }

        public Request extendedType(int type) {
            return putU32(FLAGS, type & ~FLAGS_RESERVED);
        }
    }

    /**
     * <pre>
     * 0  u32  attributes, reserved, 0
     * 4  u32  config
     *           0     enabled
     *           31:1  reserved
     * 8  u32  extended configuration value, 0 without a type
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 12;
        private static final int ATTRIBUTES = 0;
        private static final int CONFIG = 4;
        private static final int EXTENDED_VALUE = 8;
        private static final int ENABLED = 1;

        public Reply() {
            super(LENGTH);
        }

        public boolean isEnabled() {
            return (u32(CONFIG) & ENABLED) != 0;
        }

        public int extendedValue() {
            return u32(EXTENDED_VALUE);
        }

        /** Writes all three words. */
        public Reply config(boolean enabled, int extendedValue) {
            return putU32(ATTRIBUTES, 0).putU32(CONFIG, enabled ? ENABLED : 0).putU32(EXTENDED_VALUE, extendedValue);
        }
    }
}
