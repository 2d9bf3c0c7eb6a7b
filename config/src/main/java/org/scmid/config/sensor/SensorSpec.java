// One sensor of a board file.
package org.scmid.config.sensor;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;

/**
 * One sensor: a single value, or one value for each of its axes.
 *
 * @param name its name, unique among the board's sensors
 * @param hasAxes whether it has axes
 * @param channels its axes in the file's order, 1 to 63; if it has none, the one value that it gives
 * @param tripPoints how many thresholds an agent can set, 0 to 255; 0 if it has axes
 * @param intervals how often it can be read for those who are sent updates, none shorter than {@link
 *     UpdateIntervals#LEAST_NANOS}
 * @param intervalNanos how often it is read at the start, one of {@code intervals}
 * @param timestamps whether readings can have timestamps
 * @param timestampScale a timestamp counts 10^this s; -9 to 0
 * @param asynchronous whether it can be read asynchronously
 * @param continuousUpdates whether agents can have every value sent
 * @param enabled whether it is on at the start
 * @param tooShort where the file has an interval that is shorter than the least, and raised to it; null if it has none
 * @param place where it is described
 */
public record SensorSpec(
        String name,
        boolean hasAxes,
        List<Channel> channels,
        int tripPoints,
        UpdateIntervals intervals,
        long intervalNanos,
        boolean timestamps,
        int timestampScale,
        boolean asynchronous,
        boolean continuousUpdates,
        boolean enabled,
        @Nullable Place tooShort,
        Place place) {

    /** Copies. */
    public SensorSpec {
        channels = List.copyOf(channels);
    }

    /**
     * One value of a sensor.
     *
     * @param name the axis; the sensor's name if it has no axes
     * @param unit what it measures
     * @param scale values count 10^scale of the unit, -16 to 15
     * @param source where values come from
     * @param resolution the smallest difference of two values, in 10^resolutionScale of the unit; 0 to 2^27-1
     * @param resolutionScale -16 to 15
     * @param min the lowest value, in 10^scale of the unit
     * @param max the highest value, in 10^scale of the unit
     */
    public record Channel(
            String name,
            SensorUnit unit,
            int scale,
            SensorSource source,
            int resolution,
            int resolutionScale,
            long min,
            long max) {}
}
