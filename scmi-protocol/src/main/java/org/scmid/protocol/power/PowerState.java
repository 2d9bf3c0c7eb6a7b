/* The states of a power domain, as the wire carries them. */
package org.scmid.protocol.power;

/**
 * The word power_state.
 *
 * <pre>
 * 27:0   state id
 * 29:28  reserved
 * 30     context is lost in this state
 * 31     reserved
 * </pre>
 *
 * <p>The specification gives a meaning to two of them, {@link #ON} and {@link #OFF}; others belong to the platform.
 */
public final class PowerState {
    /** On, state id 0, context kept. */
    public static final int ON = 0;

    /** Off, state id 0, context lost. */
    public static final int OFF = 1 << 30;

    private PowerState() {}

    /** The word for on or off. */
    public static int of(boolean on) {
        return on ? ON : OFF;
    }
}
