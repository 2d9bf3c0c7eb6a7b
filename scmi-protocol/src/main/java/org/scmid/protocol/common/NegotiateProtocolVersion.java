/* NEGOTIATE_PROTOCOL_VERSION: the agent chooses the version to be spoken. */
package org.scmid.protocol.common;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Message;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.RequestPayload;

/**
 * NEGOTIATE_PROTOCOL_VERSION (0x10), in every protocol since SCMI 3.2. The reply is a status only; NOT_SUPPORTED if the
 * platform cannot speak that version.
 */
public final class NegotiateProtocolVersion {
    private NegotiateProtocolVersion() {}

    public static final class Request extends RequestPayload<Request> {
        private static final Layout LAYOUT = CommonLayouts.VERSION;
        private static final U32 VERSION = LAYOUT.u32("version");

        /** The request of one protocol; {@code command} is that protocol's NEGOTIATE_PROTOCOL_VERSION. */
        public Request(Message command) {
            super(command);
        }

        /** See {@link ProtocolVersion}. */
        public int version() {
            return get(VERSION);
        }

        public Request version(int version) {
            return put(VERSION, version);
        }
    }
}
