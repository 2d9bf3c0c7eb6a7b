/* CLOCK_ATTRIBUTES: a clock's name, state and features. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;

/** CLOCK_ATTRIBUTES (0x3). */
public final class ClockAttributes {
    private ClockAttributes() {}

    /**
     * <pre>
     * 0  u32  clock id
     * </pre>
     */
    public static final class Request extends ClockRequest<Request> {
        public static final int LENGTH = 4;

        public Request() {
            super(ClockMessage.CLOCK_ATTRIBUTES, LENGTH);
        }
    }

    /**
     * <pre>
     * 0   u32     attributes
     *               31    rate-changed notifications (2.0 and later)
     *               30    rate-change-requested notifications (2.0 and later)
     *               29    has an extended name, see CLOCK_NAME_GET (2.0 and later)
     *               28    parents can be listed (3.0)
     *               27    has extended configuration (3.0)
     *               26:2  reserved
     *               1     restricted for this agent, see CLOCK_GET_PERMISSIONS (3.0)
     *               0     enabled
     * 4   u8[16]  name, see {@link Names}
     * 20  u32     enable delay in microseconds, 0 if unknown; 2.0 and later only
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        /** Bytes in version 1.0. */
        public static final int LENGTH_V1 = 20;

        /** Bytes in version 2.0 and later. */
        public static final int LENGTH = 24;

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

        private static final int ATTRIBUTES = 0;
        private static final int NAME = 4;
        private static final int ENABLE_DELAY = 20;

        public Reply() {
            super(LENGTH_V1);
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
            return withStart(ProtocolVersion.isAtLeast(version, ClockVersion.V2_0) ? LENGTH : LENGTH_V1);
        }

        /** The whole word. */
        public int attributes() {
            return u32(ATTRIBUTES);
        }

        /** Writes those of the bits that {@code version} defines. */
        public Reply attributes(int attributes, int version) {
            return putU32(ATTRIBUTES, attributes & definedAttributes(version));
        }

        public boolean isEnabled() {
            return (attributes() & ENABLED) != 0;
        }

        public String name() {
            return name(NAME, Names.SHORT_BYTES);
        }

        /** Writes the name, cut to 15 characters; see {@link Names#needsExtended}. */
        public Reply name(CharSequence name) {
            return putName(NAME, Names.SHORT_BYTES, name);
        }

        /** Whether the message is of version 2.0 or later, by its length. */
        public boolean hasEnableDelay() {
            return length() >= LENGTH;
        }

        /** Microseconds, 0 if unknown or the message is of version 1.0. */
        public int enableDelay() {
            return hasEnableDelay() ? u32(ENABLE_DELAY) : 0;
        }

        /** Version 2.0 and later only. */
        public Reply enableDelay(int microseconds) {
            return putU32(ENABLE_DELAY, microseconds);
        }
    }
}
