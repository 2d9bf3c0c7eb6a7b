/* CLOCK_ATTRIBUTES: a clock's name, state and features. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Name;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;

/** CLOCK_ATTRIBUTES (0x3). */
public final class ClockAttributes {
    private ClockAttributes() {}

    /**
     * <pre>
     * attributes
     *   31    rate-changed notifications (2.0 and later)
     *   30    rate-change-requested notifications (2.0 and later)
     *   29    has an extended name, see CLOCK_NAME_GET (2.0 and later)
     *   28    parents can be listed (3.0)
     *   27    has extended configuration (3.0)
     *   26:2  reserved
     *   1     restricted for this agent, see CLOCK_GET_PERMISSIONS (3.0)
     *   0     enabled
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");
        private static final Name NAME = LAYOUT.name("name");
        private static final U32 ENABLE_DELAY = LAYOUT.u32("enable_delay");

        public static final int ENABLED = 1;
        public static final int RESTRICTED = 1 << 1;
        public static final int EXTENDED_CONFIG = 1 << 27;
        public static final int PARENTS = 1 << 28;
        public static final int EXTENDED_NAME = 1 << 29;
        public static final int RATE_CHANGE_REQUESTED_NOTIFY = 1 << 30;
        public static final int RATE_CHANGED_NOTIFY = 1 << 31;

        private static final int DEFINED_V1 = ENABLED;
        private static final int DEFINED_V2 =
                DEFINED_V1 | EXTENDED_NAME | RATE_CHANGE_REQUESTED_NOTIFY | RATE_CHANGED_NOTIFY;
        private static final int DEFINED_V3 = DEFINED_V2 | RESTRICTED | EXTENDED_CONFIG | PARENTS;

        public Reply() {
            super(LAYOUT);
        }

        /** The attribute bits that have a meaning in a version of the protocol. */
        public static int definedAttributes(int version) {
            if (ProtocolVersion.isAtLeast(version, ClockVersion.V3_0)) {
                return DEFINED_V3;
            }
            return ProtocolVersion.isAtLeast(version, ClockVersion.V2_0) ? DEFINED_V2 : DEFINED_V1;
        }

        /** Bytes of the whole message in a version of the protocol. */
        public int messageLength(int version) {
            return withStart(LAYOUT.length(version));
        }

        /** The whole word. */
        public int attributes() {
            return get(ATTRIBUTES);
        }

        /** Writes those of the bits that {@code version} defines. */
        public Reply attributes(int attributes, int version) {
            return put(ATTRIBUTES, attributes & definedAttributes(version));
        }

        public boolean isEnabled() {
            return (attributes() & ENABLED) != 0;
        }

        public String name() {
            return get(NAME);
        }

        /** Writes the name, cut to 15 characters; see {@link Names#needsExtended}. */
        public Reply name(CharSequence name) {
            return put(NAME, name);
        }

        /** Whether the message is of version 2.0 or later, by its length. */
        public boolean hasEnableDelay() {
            return has(ENABLE_DELAY);
        }

        /** Microseconds, 0 if unknown or the message is of version 1.0. */
        public int enableDelay() {
            return hasEnableDelay() ? get(ENABLE_DELAY) : 0;
        }

        /** Version 2.0 and later only. */
        public Reply enableDelay(int microseconds) {
            return put(ENABLE_DELAY, microseconds);
        }
    }
}
