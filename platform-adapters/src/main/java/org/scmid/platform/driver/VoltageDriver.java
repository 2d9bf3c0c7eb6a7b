// What realises one supply.
package org.scmid.platform.driver;

/**
 * One supply, as the Voltage protocol uses it. Its levels are ascending, in microvolts, and named by their position, from
 * 0. A change ends when the supply has settled.
 */
public interface VoltageDriver extends Switch {
    /** Whether agents may set the level asynchronously. */
    boolean isAsynchronous();

    /** Whether its level follows what others need, so that nobody may set it. */
    boolean isFollowing();

    /** Whether its levels are a range with steps, else they are a list. */
    boolean isRange();

    /** How many levels it has, at least 1. */
    int levels();

    /** The level at a position, in microvolts. */
    int levelAt(int position);

    /** The distance of two levels of a range in microvolts; 0 for a list. */
    int step();

    /** Whether this is one of its levels. */
    boolean isLevel(int microvolts);

    /** Reads the level in microvolts, whether the supply is on or not; {@link Outcome#UNKNOWN_STATE} if it has none of them. */
    Outcome readLevel(Waiter waiter);

    /**
     * Sets the level. One that it has is not set again; but whoever asks for it waits for it to settle.
     *
     * @return also {@link Outcome#OUT_OF_LIMITS} if it is none of its levels
     */
    Outcome setLevel(int microvolts, Waiter waiter);
}
