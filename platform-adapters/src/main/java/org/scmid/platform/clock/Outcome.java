// How an operation on a clock ended.
package org.scmid.platform.clock;

/** How an operation on a clock ended. Unless it is {@link #OK}, no register was written. */
public enum Outcome {
    /** Done, or nothing was to be done. */
    OK,
    /** No rate that the hardware can make fits the request. */
    UNSUPPORTED_RATE,
    /** What is asked for is outside the clock's limits, or would take a clock that runs from it out of its own. */
    OUT_OF_LIMITS,
    /** The clock that is asked for as parent is none of the possible ones. */
    NOT_A_PARENT
}
