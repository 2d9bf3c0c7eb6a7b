// How what was asked of a driver stands.
package org.scmid.platform.driver;

/**
 * How what was asked of a driver stands when the call returns, or has ended. Unless it is {@link #OK}, {@link #STARTED} or
 * {@link #FAILED}, nothing was done.
 */
public enum Outcome {
    /** Done or read, or nothing was to be done. */
    OK,
    /** It takes time, as a phase-locked loop that locks; {@link Waiter#ended} tells the end. */
    STARTED,
    /**
     * It was not begun: something that is under way changes what it depends on, or what it takes is still being found
     * out. {@link Waiter#mayAskAgain} tells when to ask again. Never an end.
     */
    BUSY,
    /** No rate that the hardware can make fits the request. */
    UNSUPPORTED_RATE,
    /** What is asked for is outside of the resource's limits, or would take another one out of its own. */
    OUT_OF_LIMITS,
    /** The clock that is asked for as parent is none of the possible ones. */
    NOT_A_PARENT,
    /** Not as things stand: it is in use, or too much waits for its turn. Whoever asks may try again when he likes. */
    NOT_NOW,
    /** Whoever owns the resource does not allow it. */
    REFUSED,
    /** Hardware says what the board file does not know, such as a level of no voltage. */
    UNKNOWN_STATE,
    /** Hardware did not do it, or not in time, or cannot be reached. */
    FAILED;

    /** Whether it is neither an end nor a refusal: the {@link Waiter} will be called. */
    public boolean isLater() {
        return this == STARTED || this == BUSY;
    }
}
