// What can be done to a reset.
package org.scmid.platform.driver;

/** What can be done to a reset. */
public enum ResetAction {
    /** Holds it in reset until it is de-asserted. */
    ASSERT,

    /** Lets it go. */
    DEASSERT,

    /** Resets it: asserts, holds as long as the board file says, and lets go. */
    RESET
}
