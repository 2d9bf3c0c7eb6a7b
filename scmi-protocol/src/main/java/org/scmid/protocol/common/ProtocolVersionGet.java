/* PROTOCOL_VERSION: which version of a protocol the platform speaks. */
package org.scmid.protocol.common;

import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_VERSION (0x0), in every protocol. Its request is empty. */
public final class ProtocolVersionGet {
    private ProtocolVersionGet() {}

    /**
     * <pre>
     * 0  u32  version, see {@link ProtocolVersion}
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
