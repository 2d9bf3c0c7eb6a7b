// The levels that a voltage domain can have.
package org.scmid.config.voltage;

import java.util.List;

/** The levels that a voltage domain can have, each with the raw value that makes it. Microvolts throughout. */
public sealed interface VoltageLevels {
    /** The lowest level. */
    int lowest();

    /** The highest level. */
    int highest();

    /** How many levels there are, at least 1. */
    int count();

    /** The level at a position, 0..{@link #count()} - 1, in ascending order. */
    int level(int position);

    /** The raw value of the level at a position. */
    long raw(int position);

    /** The position of a level; -1 if it is none. */
    int position(int level);

    /**
     * Single levels.
     *
     * @param levels in ascending order, at least one
     * @param raws the raw value of each
     */
    record Listed(List<Integer> levels, List<Long> raws) implements VoltageLevels {
        /** Copies. */
        public Listed {
            levels = List.copyOf(levels);
            raws = List.copyOf(raws);
        }

        @Override
        public int lowest() {
            return levels.getFirst();
        }

        @Override
        public int highest() {
            return levels.getLast();
        }

        @Override
        public int count() {
            return levels.size();
        }

        @Override
        public int level(int position) {
            return levels.get(position);
        }

        @Override
        public long raw(int position) {
            return raws.get(position);
        }

        @Override
        public int position(int level) {
            return Math.max(levels.indexOf(level), -1);
        }
    }

    /**
     * Levels at equal distances.
     *
     * @param lowest the first
     * @param highest the last, at least one step above the first
     * @param step the distance, at least 1; divides {@code highest - lowest}
     * @param firstRaw the raw value of the lowest; each step adds 1
     */
    record Range(int lowest, int highest, int step, long firstRaw) implements VoltageLevels {
        @Override
        public int count() {
            return (highest - lowest) / step + 1;
        }

        @Override
        public int level(int position) {
            return lowest + position * step;
        }

        @Override
        public long raw(int position) {
            return firstRaw + position;
        }

        @Override
        public int position(int level) {
            boolean isLevel = level >= lowest && level <= highest && (level - lowest) % step == 0;
            return isLevel ? (level - lowest) / step : -1;
        }
    }
}
