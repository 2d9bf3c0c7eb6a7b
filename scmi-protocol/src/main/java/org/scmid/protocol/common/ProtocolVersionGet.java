/* PROTOCOL_VERSION: which version of a protocol the platform speaks. */
package org.scmid.protocol.common;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_VERSION (0x0), in every protocol. Its request is empty. */
public final class ProtocolVersionGet {
    private ProtocolVersionGet() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = CommonLayouts.VERSION;
        private static final U32 VERSION = LAYOUT.u32("version");

        public Reply() {
            super(LAYOUT);
        }

        /** See {@link ProtocolVersion}. */
        public int version() {
            return get(VERSION);
        }

        public Reply version(int version) {
            return put(VERSION, version);
        }
    }
}
