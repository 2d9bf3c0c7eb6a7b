/* BASE_DISCOVER_SUB_VENDOR: who made the platform. */
package org.scmid.protocol.base;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Name;
import org.scmid.protocol.ReplyPayload;

/** BASE_DISCOVER_SUB_VENDOR (0x4). Its request is empty. */
public final class BaseDiscoverSubVendor {
    private BaseDiscoverSubVendor() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = BaseMessage.BASE_DISCOVER_SUB_VENDOR.fromPlatform();
        private static final Name NAME = LAYOUT.name("sub_vendor");

        public Reply() {
            super(LAYOUT);
        }

        public String name() {
            return get(NAME);
        }

        /** Writes the sub-vendor, cut to 15 characters. */
        public Reply name(CharSequence name) {
            return put(NAME, name);
        }
    }
}
