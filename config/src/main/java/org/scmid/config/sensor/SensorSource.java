// Where a sensor's values come from.
package org.scmid.config.sensor;

import org.scmid.config.register.FieldRef;
import org.scmid.config.upstream.Origin;

/** Where the values of a sensor or of one of its axes come from. */
public sealed interface SensorSource {

    /** The smallest value that it can give, in 10^scale of the unit. */
    long lowest();

    /** The largest value that it can give, in 10^scale of the unit. */
    long highest();

    /** The smallest difference of two values, at least 1. */
    long step();

    /**
     * A field of a register: raw x multiply / divide + add, the quotient rounded down.
     *
     * @param field holds the raw value, at most 32 bits
     * @param signed whether the field's highest bit is a sign
     * @param multiply -2^31+1 to 2^31-1, not 0
     * @param divide 1 to 2^31-1
     * @param add in 10^scale of the unit; -2^60 to 2^60
     */
    record Register(FieldRef field, boolean signed, long multiply, long divide, long add) implements SensorSource {

        /** The value for what the field holds; the raw value as an unsigned number. */
        public long value(long raw) {
            int unused = Long.SIZE - field.width();
            long number = signed ? raw << unused >> unused : raw;
            return Math.floorDiv(number * multiply, divide) + add;
        }

        @Override
        public long lowest() {
            return Math.min(value(smallestRaw()), value(largestRaw()));
        }

        @Override
        public long highest() {
            return Math.max(value(smallestRaw()), value(largestRaw()));
        }

        @Override
        public long step() {
            return Math.max(1, Math.abs(multiply) / divide);
        }

        private long smallestRaw() {
            return signed ? 1L << (field.width() - 1) : 0;
        }

        private long largestRaw() {
            return signed ? field.max() >>> 1 : field.max();
        }
    }

    /**
     * Nothing real: a value that goes up in steps, turns at the top, goes down and turns at the bottom.
     *
     * @param start the first value, from min to max
     * @param min where it turns
     * @param max where it turns
     * @param change how far one step goes; 0 if the value stays as it is
     * @param everyNanos time between two steps, at least 1000
     * @param takesNanos time that a reading takes; 0 if none
     */
    record Simulated(long start, long min, long max, long change, long everyNanos, long takesNanos)
            implements SensorSource {
        private static final long EVERY_NANOS = 1_000_000_000;

        /** A value that stays as it is, and is there at once. */
        public static Simulated constant(long value) {
            return new Simulated(value, value, value, 0, EVERY_NANOS, 0);
        }

        @Override
        public long lowest() {
            return min;
        }

        @Override
        public long highest() {
            return max;
        }

        @Override
        public long step() {
            return Math.max(1, change);
        }
    }

    /**
     * A file of the host's kernel: its number x 10^shift, rounded down.
     *
     * @param channel which file
     * @param shift the power of ten that the file counts, less the sensor's scale
     * @param simulation what is given instead if the board is simulated
     */
    record Host(HostChannel channel, int shift, Simulated simulation) implements SensorSource {
        /** What such a source can give: what is beyond cannot be read. */
        public static final long LARGEST = 1L << 60;

        /** The same file, for which a simulated board gives this value. */
        Host simulatedAs(long value) {
            return new Host(channel, shift, Simulated.constant(value));
        }

        @Override
        public long lowest() {
            return -LARGEST;
        }

        @Override
        public long highest() {
            return LARGEST;
        }

        @Override
        public long step() {
            long step = 1;
            for (int i = 0; i < shift; i++) {
                step *= 10;
            }
            return step;
        }
    }

    /**
     * A sensor of another platform.
     *
     * @param origin whose sensor it is, and which one
     * @param channel which of its values, from 0
     * @param lowest the lowest value that the platform says it can have
     * @param highest the highest
     */
    record Remote(Origin origin, int channel, long lowest, long highest) implements SensorSource {
        @Override
        public long step() {
            return 1;
        }
    }
}
