// One sensor that a platform offers.
package org.scmid.config.offer;

import java.util.List;

/**
 * One sensor that a platform offers.
 *
 * @param id the platform's number of it
 * @param name the platform's name of it
 * @param hasAxes whether it has axes
 * @param channels its axes in the platform's order, 1 to 63; if it has none, the one value that it gives
 * @param asynchronous whether it is to be read by asynchronous commands
 */
public record SensorOffer(int id, String name, boolean hasAxes, List<Channel> channels, boolean asynchronous)
        implements Offered {

    /** Copies. */
    public SensorOffer {
        channels = List.copyOf(channels);
    }

    /**
     * One value of a sensor.
     *
     * @param name the axis; the sensor's name if it has no axes
     * @param type what it measures, as SCMI counts units: 0 to 255
     * @param scale values count 10^scale of the unit, -16 to 15
     * @param resolution the smallest difference of two values, in 10^resolutionScale of the unit; 0 if not known
     * @param resolutionScale -16 to 15
     * @param min the lowest value, in 10^scale of the unit
     * @param max the highest value, in 10^scale of the unit
     */
    public record Channel(String name, int type, int scale, int resolution, int resolutionScale, long min, long max) {}
}
