/* BASE_DISCOVER_IMPLEMENTATION_VERSION: which build of the platform this is. */
package org.scmid.protocol.base;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** BASE_DISCOVER_IMPLEMENTATION_VERSION (0x5). Its request is empty. */
public final class BaseDiscoverImplementationVersion {
    private BaseDiscoverImplementationVersion() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = BaseMessage.BASE_DISCOVER_IMPLEMENTATION_VERSION.fromPlatform();
        private static final U32 VERSION = LAYOUT.u32("version");

        public Reply() {
            super(LAYOUT);
        }

        /** In the own scheme of the vendor, growing. */
        public int version() {
            return get(VERSION);
        }

        public Reply version(int version) {
            return put(VERSION, version);
        }
    }
}
