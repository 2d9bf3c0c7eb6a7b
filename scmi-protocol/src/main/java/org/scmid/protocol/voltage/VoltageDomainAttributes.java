/* VOLTAGE_DOMAIN_ATTRIBUTES: a voltage domain's name and features. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Name;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;

/** VOLTAGE_DOMAIN_ATTRIBUTES (0x3). Its request is a {@link org.scmid.protocol.common.ResourceRequest}. */
public final class VoltageDomainAttributes {
    private VoltageDomainAttributes() {}

    /**
     * <pre>
     * attributes; all reserved in 1.0
     *   31    the level can be set asynchronously (2.0 and later)
     *   30    has an extended name, see VOLTAGE_DOMAIN_NAME_GET (2.0 and later)
     *   29:0  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = VoltageMessage.VOLTAGE_DOMAIN_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");
        private static final Name NAME = LAYOUT.name("name");

        public static final int EXTENDED_NAME = 1 << 30;
        public static final int ASYNC_LEVEL_SET = 1 << 31;

        public Reply() {
            super(LAYOUT);
        }

        /** The attribute bits that have a meaning in a version of the protocol. */
        public static int definedAttributes(int version) {
            return ProtocolVersion.isAtLeast(version, VoltageVersion.V2_0) ? EXTENDED_NAME | ASYNC_LEVEL_SET : 0;
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
