/* RESET_ISSUED: the notification that a domain was reset. */
package org.scmid.protocol.reset;

import org.scmid.protocol.EventPayload;

/**
 * RESET_ISSUED (notification 0x0), asked for by RESET_NOTIFY.
 *
 * <pre>
 * 0  u32  agent_id: who caused it, 0 the platform
 * 4  u32  domain id, as the receiver counts
 * 8  u32  reset_state, see {@link ResetCommand.Request}
 * </pre>
 */
public final class ResetIssued extends EventPayload<ResetIssued> {
    public static final int LENGTH = 12;
    private static final int AGENT = 0;
    private static final int DOMAIN = 4;
    private static final int RESET_STATE = 8;

    public ResetIssued() {
        super(ResetMessage.RESET_ISSUED, LENGTH);
    }

    public int agent() {
        return u32(AGENT);
    }

    public ResetIssued agent(int agent) {
        return putU32(AGENT, agent);
    }

    /** Domain id, unsigned. */
    public int domain() {
        return u32(DOMAIN);
    }

    public ResetIssued domain(int domain) {
        return putU32(DOMAIN, domain);
    }

    /** The whole word. */
    public int resetState() {
        return u32(RESET_STATE);
    }

    public ResetIssued resetState(int state) {
        return putU32(RESET_STATE, state);
    }
}
