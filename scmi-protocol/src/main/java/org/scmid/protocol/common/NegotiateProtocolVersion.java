/* NEGOTIATE_PROTOCOL_VERSION: the agent chooses the version to be spoken. */
package org.scmid.protocol.common;

import org.scmid.protocol.Message;
import org.scmid.protocol.RequestPayload;

/**
 * NEGOTIATE_PROTOCOL_VERSION (0x10), in every protocol since SCMI 3.2. The reply is a status only; NOT_SUPPORTED if the
 * platform cannot speak that version.
 */
public final class NegotiateProtocolVersion {
    private NegotiateProtocolVersion() {}

    /**
     * <pre>
     * 0  u32  version, see {@link org.scmid.protocol.ProtocolVersion}
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 4;
        private static final int VERSION = 0;

        /** The request of one protocol; {@code command} is that protocol's NEGOTIATE_PROTOCOL_VERSION. */
        public Request(Message command) {
            super(command, LENGTH);
        }

        public int version() {
            return u32(VERSION);
        }

        public Request version(int version) {
            return putU32(VERSION, version);
        }
    }
}
