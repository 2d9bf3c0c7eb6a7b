/* CLOCK_CONFIG_SET: the message that enables and disables a clock. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ResourceRequestPayload;

/** CLOCK_CONFIG_SET (0x7). The response is a status only. */
public final class ClockConfigSet {
    private ClockConfigSet() {}

    /**
     * <pre>
     * attributes, before 3.0:
     *   0      1 enable, 0 disable
     *   31:1   reserved
     * attributes, 3.0:
     *   1:0    0 disable, 1 enable, 2 reserved, 3 leave as it is (only with an extended type)
     *   15:2   reserved
     *   23:16  extended configuration type, see {@link ExtendedConfig}
     *   31:24  reserved
     * </pre>
     *
     * <p>Some agents send three words to any version, others two words to version 3.0 when they give no extended type;
     * both are accepted.
     */
    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_CONFIG_SET.fromAgent();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");
        private static final U32 EXTENDED_VALUE = LAYOUT.u32("extended_value");

        /** State 0: disable. */
        public static final int DISABLE = 0;

        /** State 1: enable. */
        public static final int ENABLE = 1;

        /** State 3: leave the state as it is (3.0, only with an extended type). */
        public static final int UNCHANGED = 3;

        private static final int STATE_MASK_V1 = 0x1;
        private static final int STATE_MASK = 0x3;
        private static final int TYPE_SHIFT = 16;
        private static final int TYPE_MASK = 0xFF;

        public Request() {
            super(ClockMessage.CLOCK_CONFIG_SET);
        }

        /** Bytes of the whole message in a version of the protocol. */
        public int messageLength(int version) {
            return withStart(LAYOUT.length(version));
        }

        /** The attribute bits that must be 0. */
        public static final int RESERVED = ~(STATE_MASK | TYPE_MASK << TYPE_SHIFT);

        /** Those that must be 0 before version 3.0. */
        public static final int RESERVED_BEFORE_3_0 = ~STATE_MASK_V1;

        /** The whole word, reserved bits included. */
        public int attributes() {
            return get(ATTRIBUTES);
        }

        /** The wanted state, 0..3. */
        public int state() {
            return attributes() & STATE_MASK;
        }

        /** Extended configuration type, 0..255 (3.0). */
        public int extendedType() {
            return attributes() >>> TYPE_SHIFT & TYPE_MASK;
        }

        /** Whether the third word is there. */
        public boolean hasExtendedValue() {
            return has(EXTENDED_VALUE);
        }

        /** Extended configuration value (3.0), 0 if the third word is missing. */
        public int extendedValue() {
            return hasExtendedValue() ? get(EXTENDED_VALUE) : 0;
        }

        /** Writes the attributes of versions before 3.0. */
        public Request enableV1(boolean enable) {
            return put(ATTRIBUTES, enable ? ENABLE : DISABLE);
        }

        /** Writes the attributes and the value of version 3.0, without extended configuration. */
        public Request enable(boolean enable) {
            return config(enable ? ENABLE : DISABLE, ExtendedConfig.NONE, 0);
        }

        /** Writes the attributes and the value of version 3.0. */
        public Request config(int state, int extendedType, int extendedValue) {
            return put(ATTRIBUTES, (state & STATE_MASK) | (extendedType & TYPE_MASK) << TYPE_SHIFT)
                    .put(EXTENDED_VALUE, extendedValue);
        }
    }
}
