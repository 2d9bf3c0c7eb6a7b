// How far a request has come when the call returns.
package org.scmid.platform.reset;

/** How far a request has come when the call returns. */
public enum ResetOutcome {
    /** It is done. */
    DONE,

    /** Hardware did not do it. */
    FAILED,

    /** It takes time, or waits for its turn; the listener is told of its end. */
    STARTED,

    /** Too many wait for their turn. */
    BUSY
}
