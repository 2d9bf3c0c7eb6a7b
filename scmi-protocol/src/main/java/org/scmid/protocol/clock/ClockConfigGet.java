/* CLOCK_CONFIG_GET: whether a clock is enabled, and its extended configuration. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.ResourceRequestPayload;

/** CLOCK_CONFIG_GET (0xB), since 3.0. */
public final class ClockConfigGet {
    private ClockConfigGet() {}

    /**
     * <pre>
     * flags
     *   7:0   extended configuration type, see {@link ExtendedConfig}
     *   31:8  reserved
     * </pre>
     */
    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_CONFIG_GET.fromAgent();
        private static final U32 FLAGS = LAYOUT.u32("flags");

        public static final int FLAGS_RESERVED = ~0xFF;

        public Request() {
            super(ClockMessage.CLOCK_CONFIG_GET);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return get(FLAGS);
        }

        /** Extended configuration type, 0..255. */
        public int extendedType() {
            return flags() & ~FLAGS_RESERVED;
        }

        public Request extendedType(int type) {
            return put(FLAGS, type & ~FLAGS_RESERVED);
        }
    }

    /**
     * <pre>
     * config
     *   0     enabled
     *   31:1  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_CONFIG_GET.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");
        private static final U32 CONFIG = LAYOUT.u32("config");
        private static final U32 EXTENDED_VALUE = LAYOUT.u32("extended_value");

        private static final int ENABLED = 1;

        public Reply() {
            super(LAYOUT);
        }

        public boolean isEnabled() {
            return (get(CONFIG) & ENABLED) != 0;
        }

        /** 0 without an extended configuration type. */
        public int extendedValue() {
            return get(EXTENDED_VALUE);
        }

        /** Writes all three words; the attributes are reserved. */
        public Reply config(boolean enabled, int extendedValue) {
            return put(ATTRIBUTES, 0).put(CONFIG, enabled ? ENABLED : 0).put(EXTENDED_VALUE, extendedValue);
        }
    }
}
