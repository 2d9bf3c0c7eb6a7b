/* BASE_DISCOVER_IMPLEMENTATION_VERSION: which build of the platform this is. */
package org.scmid.protocol.base;

import org.scmid.protocol.ReplyPayload;

/** BASE_DISCOVER_IMPLEMENTATION_VERSION (0x5). Its request is empty. */
public final class BaseDiscoverImplementationVersion {
    private BaseDiscoverImplementationVersion() {}

    /**
     * <pre>
     * 0  u32  version, in the vendor's own scheme, growing
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 4;
        private static final int VERSION = 0;

        public Reply() {
            super(LENGTH);
        }

        public int version() {
            return u32(VERSION);
        }

        public Reply version(int version) {
            return putU32(VERSION, version);
        }
    }
}
