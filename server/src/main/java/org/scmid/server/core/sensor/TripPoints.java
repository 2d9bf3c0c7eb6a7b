// The trip points that one agent has set, as words of its state.
package org.scmid.server.core.sensor;

import org.scmid.server.core.state.ResourceState;

/**
 * The trip points that agents have set, in the words of {@link ResourceState} of the Sensor protocol.
 *
 * <pre>
 * {@link #FIRST_WORD}  directions, two bits for each trip point, those of trip points 0..15 in the first word: 0 off, 1
 *                      when the value rises to it, 2 when it falls below it, 3 both; so many words that their number is
 *                      even
 * then                 i64 for each trip point: its value
 * </pre>
 */
final class TripPoints {
    static final int OFF = 0;
    static final int RISING = 1;
    static final int FALLING = 2;

    private static final int FIRST_WORD = 2;
    private static final int DIRECTION_BITS = 2;
    private static final int DIRECTION = 3;
    private static final int PER_WORD = Integer.SIZE / DIRECTION_BITS;

    private final int firstValue;
    private final int words;

    /** @param most how many the sensor with the most has, 0..255 */
    TripPoints(int most) {
        int directionWords = (most + PER_WORD - 1) / PER_WORD;
        firstValue = FIRST_WORD + directionWords + (directionWords & 1);
        words = firstValue + 2 * most;
    }

    /** How many words a sensor's entry has, those before the trip points included. */
    int words() {
        return words;
    }

    int direction(ResourceState state, int sensor, int tripPoint) {
        return state.word(sensor, directionWord(tripPoint)) >>> shift(tripPoint) & DIRECTION;
    }

    long value(ResourceState state, int sensor, int tripPoint) {
        return state.quad(sensor, firstValue + 2 * tripPoint);
    }

    void set(ResourceState state, int sensor, int tripPoint, int direction, long value) {
        setDirection(state, sensor, tripPoint, OFF); // never one's direction with another's value
        if (direction != OFF) {
            state.putQuad(sensor, firstValue + 2 * tripPoint, value);
            setDirection(state, sensor, tripPoint, direction);
        }
    }

    /** Whether any of a sensor's trip points is on. */
    boolean anyIsOn(ResourceState state, int sensor) {
        for (int word = FIRST_WORD; word < firstValue; word++) {
            if (state.word(sensor, word) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether a value that changed has crossed a trip point in a direction that its owner wants to know of. */
    static boolean isCrossed(int direction, long tripPoint, long before, long now) {
        boolean wasAbove = before >= tripPoint;
        boolean isAbove = now >= tripPoint;
        return wasAbove != isAbove && (direction & (isAbove ? RISING : FALLING)) != 0;
    }

    private static void setDirection(ResourceState state, int sensor, int tripPoint, int direction) {
        int word = directionWord(tripPoint);
        int others = state.word(sensor, word) & ~(DIRECTION << shift(tripPoint));
        state.put(sensor, word, others | direction << shift(tripPoint));
    }

    private static int directionWord(int tripPoint) {
        return FIRST_WORD + tripPoint / PER_WORD;
    }

    private static int shift(int tripPoint) {
        return tripPoint % PER_WORD * DIRECTION_BITS;
    }
}
