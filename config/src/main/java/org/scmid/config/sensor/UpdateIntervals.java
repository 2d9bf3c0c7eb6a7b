// How often a sensor can be read.
package org.scmid.config.sensor;

import java.util.List;

/** The update intervals that a sensor can have, in nanoseconds, each more than 0. */
public sealed interface UpdateIntervals {
    /**
     * No agent can have a shorter one, in nanoseconds: 1 ms. A thousand samples a second are what {@code scmid} takes of
     * all sensors together, which is some per cent of a core, so a shorter one could not be kept even by a single sensor;
     * and what changes faster is measured by an interrupt, not by messages.
     */
    long LEAST_NANOS = 1_000_000;

    /** The shortest. */
    long shortest();

    /** The longest. */
    long longest();

    /** Whether it can have this one. */
    boolean has(long nanos);

    /**
     * Single intervals.
     *
     * @param nanos ascending, at least one
     */
    record Listed(List<Long> nanos) implements UpdateIntervals {
        /** Copies. */
        public Listed {
            nanos = List.copyOf(nanos);
        }

        @Override
        public long shortest() {
            return nanos.getFirst();
        }

        @Override
        public long longest() {
            return nanos.getLast();
        }

        @Override
        public boolean has(long interval) {
            return nanos.contains(interval);
        }
    }

    /**
     * Intervals at equal distances: shortest, shortest + step and so on, up to longest.
     *
     * @param longest a whole number of steps above {@code shortest}
     */
    record Range(long shortest, long longest, long step) implements UpdateIntervals {
        @Override
        public boolean has(long interval) {
            return interval >= shortest && interval <= longest && (interval - shortest) % step == 0;
        }
    }
}
