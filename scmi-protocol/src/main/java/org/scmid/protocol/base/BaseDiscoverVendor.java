/* BASE_DISCOVER_VENDOR: who made the platform. */
package org.scmid.protocol.base;

import org.scmid.protocol.Names;
import org.scmid.protocol.ReplyPayload;

/** BASE_DISCOVER_VENDOR (0x3). Its request is empty. */
public final class BaseDiscoverVendor {
    private BaseDiscoverVendor() {}

    /**
     * <pre>
     * 0  u8[16]  vendor, see {@link Names}
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 16;
        private static final int NAME = 0;

        public Reply() {
            super(LENGTH);
        }

        public String name() {
            return name(NAME, Names.SHORT_BYTES);
        }

        /** Writes the vendor, cut to 15 characters. */
        public Reply name(CharSequence name) {
            return putName(NAME, Names.SHORT_BYTES, name);
        }
    }
}
