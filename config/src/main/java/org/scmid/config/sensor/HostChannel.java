// A value that the host's own kernel measures, as a board file names it.
package org.scmid.config.sensor;

import org.jspecify.annotations.Nullable;

/** A value that the host's own kernel measures and shows in {@code /sys}. Names are compared, they are never paths. */
public sealed interface HostChannel {

    /**
     * A file of a chip of {@code /sys/class/hwmon}.
     *
     * @param chip what the chip's {@code name} says
     * @param device the device that the chip belongs to, such as {@code 0000:00:18.3}; null if the chip's name is enough
     * @param file the value, such as {@code temp1_input}
     * @param fault the file that says 1 while the value is wrong, such as {@code temp1_fault}; it need not exist
     */
    record Hwmon(String chip, @Nullable String device, String file, String fault) implements HostChannel {}

    /**
     * A channel of a device of {@code /sys/bus/iio/devices}.
     *
     * @param device what the device's {@code name} or {@code label} says
     * @param parent the device that it belongs to, such as {@code 1-0048}; null if its name is enough
     * @param channel the channel, such as {@code in_voltage0}: what stands before {@code _input} or {@code _raw}
     * @param type the channel without its number and what follows it, such as {@code in_voltage} or {@code
     *     in_voltage-voltage}: what stands before {@code _scale} and {@code _offset} of all such channels
     */
    record Iio(String device, @Nullable String parent, String channel, String type) implements HostChannel {}

    /**
     * The temperature of a zone of {@code /sys/class/thermal}.
     *
     * @param zone what the zone's {@code type} says, or its folder, such as {@code thermal_zone2}
     */
    record ThermalZone(String zone) implements HostChannel {}
}
