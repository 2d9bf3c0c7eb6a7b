// What realises one sensor.
package org.scmid.platform.driver;

import org.scmid.config.sensor.SensorSpec;

/** One sensor, as the Sensor protocol uses it: read when somebody asks, and at its update interval while that is needed. */
public interface SensorDriver {
    /** What is said of it. */
    SensorSpec spec();

    /** Its position on the board, from 0. */
    int index();

    /** Its name on the board. */
    default String name() {
        return spec().name();
    }

    /** How many values a reading has: 1, or the number of axes. */
    int channels();

    /** Reads all values, or joins a reading that is under way; after {@link Outcome#OK} they are in {@link #value}. */
    Outcome read(Waiter waiter);

    /** Whether it was read since the start. */
    boolean isKnown();

    /** The value that was read last, in 10^scale of the channel's unit; 0 if there is none yet. */
    long value(int channel);

    /** When that was, on the monotonic clock, in 10^timestamp-scale s. */
    long timestamp();

    /** Finds out its settings; after {@link Outcome#OK} they are in {@link #enabled} and {@link #intervalNanos}. */
    Outcome readSettings(Waiter waiter);

    /** Whether it is on, as far as is known. */
    boolean enabled();

    /** Nanoseconds from one sample to the next, as far as is known. */
    long intervalNanos();

    /**
     * Switches it, and sets its update interval. What is so already is not done again. Never {@link Outcome#BUSY}.
     *
     * @param intervalNanos more than 0
     */
    Outcome configure(boolean enabled, long intervalNanos, Waiter waiter);

    /** Says whether somebody needs samples at every update interval. */
    void sample(boolean wanted);

    /** Whether it is read at its update interval: it is on, and somebody needs that. */
    boolean isSampling();

    /**
     * Whether it was off for at least an update interval before it was switched on last, so that nothing is known of what
     * happened meanwhile.
     */
    default boolean hasMissedSamples() {
        return true;
    }
}
