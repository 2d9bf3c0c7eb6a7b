// How an operation on a clock ended, or that it has not.
package org.scmid.platform.clock;

/**
 * How an operation on a clock ended, or that it has not. Unless it is {@link #OK} or {@link #STARTED}, no register was
 * written.
 */
public enum Outcome {
    /** Done, or nothing was to be done. */
    OK,
    /** Hardware takes its time, such as a phase-locked loop that locks; {@link ClockWaiter#ended} tells the end. */
    STARTED,
    /**
     * Something that is under way changes what the operation depends on; {@link ClockWaiter#mayAskAgain} tells when to
     * ask again.
     */
    BUSY,
    /** No rate that the hardware can make fits the request. */
    UNSUPPORTED_RATE,
    /** What is asked for is outside the clock's limits, or would take a clock that runs from it out of its own. */
    OUT_OF_LIMITS,
    /** The clock that is asked for as parent is none of the possible ones. */
    NOT_A_PARENT
}
