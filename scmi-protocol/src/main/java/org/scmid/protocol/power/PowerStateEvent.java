/* The two notifications of the Power domain protocol: a state changed, a change was requested. */
package org.scmid.protocol.power;

import org.scmid.protocol.EventPayload;

/**
 * POWER_STATE_CHANGED (notification 0x0) and POWER_STATE_CHANGE_REQUESTED (0x1, since 2.0), which have the same layout.
 *
 * <pre>
 * 0  u32  agent_id: who caused it, 0 the platform
 * 4  u32  domain id, as the receiver counts
 * 8  u32  power_state that the domain has, or that was requested; see {@link PowerState}
 * </pre>
 */
public final class PowerStateEvent extends EventPayload<PowerStateEvent> {
    public static final int LENGTH = 12;
    private static final int AGENT = 0;
    private static final int DOMAIN = 4;
    private static final int POWER_STATE = 8;

    private PowerStateEvent(PowerMessage notification) {
        super(notification, LENGTH);
    }

    /** POWER_STATE_CHANGED. */
    public static PowerStateEvent changed() {
        return new PowerStateEvent(PowerMessage.POWER_STATE_CHANGED);
    }

    /** POWER_STATE_CHANGE_REQUESTED. */
    public static PowerStateEvent changeRequested() {
        return new PowerStateEvent(PowerMessage.POWER_STATE_CHANGE_REQUESTED);
    }

    public int agent() {
        return u32(AGENT);
    }

    public PowerStateEvent agent(int agent) {
        return putU32(AGENT, agent);
    }

    /** Domain id, unsigned. */
    public int domain() {
        return u32(DOMAIN);
    }

    public PowerStateEvent domain(int domain) {
        return putU32(DOMAIN, domain);
    }

    /** The whole word, see {@link PowerState}. */
    public int powerState() {
        return u32(POWER_STATE);
    }

    public PowerStateEvent powerState(int state) {
        return putU32(POWER_STATE, state);
    }
}
