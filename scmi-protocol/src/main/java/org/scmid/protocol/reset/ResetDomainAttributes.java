/* RESET_DOMAIN_ATTRIBUTES: a reset domain's name, features and latency. */
package org.scmid.protocol.reset;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Name;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.common.ResourceRequest;

/** RESET_DOMAIN_ATTRIBUTES (0x3). The request is a {@link ResourceRequest}. */
public final class ResetDomainAttributes {
    private ResetDomainAttributes() {}

    /**
     * <pre>
     * attributes
     *   31    can be reset asynchronously
     *   30    reset notifications
     *   29    has an extended name, see RESET_DOMAIN_NAME_GET (3.0 and later)
     *   28:0  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = ResetMessage.RESET_DOMAIN_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");
        private static final U32 LATENCY = LAYOUT.u32("latency");
        private static final Name NAME = LAYOUT.name("name");

        /** The latency is not known. */
        public static final int LATENCY_UNKNOWN = 0xFFFF_FFFF;

        public static final int EXTENDED_NAME = 1 << 29;
        public static final int NOTIFY = 1 << 30;
        public static final int ASYNC = 1 << 31;

        private static final int DEFINED_V1 = NOTIFY | ASYNC;
        private static final int DEFINED_V3 = DEFINED_V1 | EXTENDED_NAME;

        public Reply() {
            super(LAYOUT);
        }

        /** The attribute bits that have a meaning in a version of the protocol. */
        public static int definedAttributes(int version) {
            return ProtocolVersion.isAtLeast(version, ResetVersion.V3_0) ? DEFINED_V3 : DEFINED_V1;
        }

        /** The whole word. */
        public int attributes() {
            return get(ATTRIBUTES);
        }

        /** Writes those of the bits that {@code version} defines. */
        public Reply attributes(int attributes, int version) {
            return put(ATTRIBUTES, attributes & definedAttributes(version));
        }

        /** Microseconds, unsigned, or {@link #LATENCY_UNKNOWN}. */
        public int latency() {
            return get(LATENCY);
        }

        public Reply latency(int microseconds) {
            return put(LATENCY, microseconds);
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
