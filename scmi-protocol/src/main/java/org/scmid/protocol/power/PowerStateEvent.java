/* The two notifications of the Power domain protocol: a state changed, a change was requested. */
package org.scmid.protocol.power;

import org.scmid.protocol.EventPayload;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;

/** POWER_STATE_CHANGED (notification 0x0) and POWER_STATE_CHANGE_REQUESTED (0x1, since 2.0), which have the same layout. */
public final class PowerStateEvent extends EventPayload<PowerStateEvent> {
    private static final Layout LAYOUT = PowerMessage.POWER_STATE_CHANGED.fromPlatform();
    private static final U32 AGENT = LAYOUT.u32("agent");
    private static final U32 DOMAIN = LAYOUT.u32("domain");
    private static final U32 POWER_STATE = LAYOUT.u32("power_state");

    private PowerStateEvent(PowerMessage notification) {
        super(notification);
    }

    /** POWER_STATE_CHANGED. */
    public static PowerStateEvent changed() {
        return new PowerStateEvent(PowerMessage.POWER_STATE_CHANGED);
    }

    /** POWER_STATE_CHANGE_REQUESTED. */
    public static PowerStateEvent changeRequested() {
        return new PowerStateEvent(PowerMessage.POWER_STATE_CHANGE_REQUESTED);
    }

    /** Who caused it, 0 the platform. */
    public int agent() {
        return get(AGENT);
    }

    public PowerStateEvent agent(int agent) {
        return put(AGENT, agent);
    }

    /** Domain id as the receiver counts, unsigned. */
    public int domain() {
        return get(DOMAIN);
    }

    public PowerStateEvent domain(int domain) {
        return put(DOMAIN, domain);
    }

    /** The state that the domain has, or that was requested: the whole word, see {@link PowerState}. */
    public int powerState() {
        return get(POWER_STATE);
    }

    public PowerStateEvent powerState(int state) {
        return put(POWER_STATE, state);
    }
}
