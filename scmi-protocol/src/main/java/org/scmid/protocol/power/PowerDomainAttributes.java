/* POWER_DOMAIN_ATTRIBUTES: a power domain's name and features. */
package org.scmid.protocol.power;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Name;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.common.ResourceRequest;

/** POWER_DOMAIN_ATTRIBUTES (0x3). The request is a {@link ResourceRequest}. */
public final class PowerDomainAttributes {
    private PowerDomainAttributes() {}

    /**
     * <pre>
     * attributes
     *   31    state-changed notifications
     *   30    the state can be set asynchronously
     *   29    the state can be set synchronously
     *   28    change-requested notifications (2.1 and later)
     *   27    has an extended name, see POWER_DOMAIN_NAME_GET (3.0 and later)
     *   26:0  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = PowerMessage.POWER_DOMAIN_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");
        private static final Name NAME = LAYOUT.name("name");

        public static final int EXTENDED_NAME = 1 << 27;
        public static final int CHANGE_REQUESTED_NOTIFY = 1 << 28;
        public static final int SET_SYNC = 1 << 29;
        public static final int SET_ASYNC = 1 << 30;
        public static final int CHANGED_NOTIFY = 1 << 31;

        private static final int DEFINED_V1 = SET_SYNC | SET_ASYNC | CHANGED_NOTIFY;
        private static final int DEFINED_V2_1 = DEFINED_V1 | CHANGE_REQUESTED_NOTIFY;
        private static final int DEFINED_V3 = DEFINED_V2_1 | EXTENDED_NAME;

        public Reply() {
            super(LAYOUT);
        }

        /** The attribute bits that have a meaning in a version of the protocol. */
        public static int definedAttributes(int version) {
            if (ProtocolVersion.isAtLeast(version, PowerVersion.V3_0)) {
                return DEFINED_V3;
            }
            return ProtocolVersion.isAtLeast(version, PowerVersion.V2_1) ? DEFINED_V2_1 : DEFINED_V1;
        }

        /** The whole word. */
        public int attributes() {
            return get(ATTRIBUTES);
        }

        /** Writes those of the bits that {@code version} defines. */
        public Reply attributes(int attributes, int version) {
            return put(ATTRIBUTES, attributes & definedAttributes(version));
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
