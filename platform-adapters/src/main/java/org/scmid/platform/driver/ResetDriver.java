// What realises one reset.
package org.scmid.platform.driver;

/** One reset, as the Reset protocol uses it. Requests are carried out one after the other, as they come. */
public interface ResetDriver {
    /** Microseconds that a reset takes, as an unsigned 32-bit number; 0xFFFFFFFF if not known. */
    long latencyMicros();

    /** Whether agents may have it reset without waiting for it. */
    boolean isAsynchronous();

    /** Whether an action can be done to it: one whose bit clears itself cannot be held. */
    boolean supports(ResetAction action);

    /**
     * Does something to it, now or when its turn comes; so it is never {@link Outcome#BUSY}.
     *
     * @param action what; it must be {@linkplain #supports supported}
     * @return {@link Outcome#NOT_NOW} if too many wait for their turn
     */
    Outcome perform(ResetAction action, Waiter waiter);
}
