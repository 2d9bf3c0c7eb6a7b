/* RESET_ISSUED: the notification that a domain was reset. */
package org.scmid.protocol.reset;

import org.scmid.protocol.EventPayload;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;

/** RESET_ISSUED (notification 0x0), asked for by RESET_NOTIFY. */
public final class ResetIssued extends EventPayload<ResetIssued> {
    private static final Layout LAYOUT = ResetMessage.RESET_ISSUED.fromPlatform();
    private static final U32 AGENT = LAYOUT.u32("agent");
    private static final U32 DOMAIN = LAYOUT.u32("domain");
    private static final U32 RESET_STATE = LAYOUT.u32("reset_state");

    public ResetIssued() {
        super(ResetMessage.RESET_ISSUED);
    }

    /** Who caused it, 0 the platform. */
    public int agent() {
        return get(AGENT);
    }

    public ResetIssued agent(int agent) {
        return put(AGENT, agent);
    }

    /** Domain id as the receiver counts, unsigned. */
    public int domain() {
        return get(DOMAIN);
    }

    public ResetIssued domain(int domain) {
        return put(DOMAIN, domain);
    }

    /** The whole word, see {@link ResetCommand.Request}. */
    public int resetState() {
        return get(RESET_STATE);
    }

    public ResetIssued resetState(int state) {
        return put(RESET_STATE, state);
    }
}
