// Turns what a board file says about values of the host's kernel into records, and checks what the shapes cannot.
package org.scmid.config.sensor;

import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Similar;
import org.scmid.config.sensor.HostSensorShapes.Chip;
import org.scmid.config.sensor.HostSensorShapes.ChipInput;
import org.scmid.config.sensor.HostSensorShapes.Iio;
import org.scmid.config.sensor.HostSensorShapes.IioChannel;
import org.scmid.config.shape.Fields;

/** Turns what a board file says about values of the host's kernel into records, and checks what the shapes cannot. */
final class HostSensorReader {
    private HostSensorReader() {}

    /** Whether a source is a value of the host's kernel. */
    static boolean isHost(Fields source) {
        return source.has(HostSensorShapes.HWMON)
                || source.has(HostSensorShapes.IIO)
                || source.has(HostSensorShapes.THERMAL_ZONE);
    }

    /** What the source's file counts; null if that is not known, which the problems say if it is a mistake. */
    static @Nullable HostUnit unit(Fields source, Problems problems) {
        Fields chip = source.get(HostSensorShapes.HWMON);
        if (chip != null) {
            ChipInput input = chip.get(Chip.INPUT);
            return input == null ? null : HostUnit.ofChip(input.kind());
        }
        Fields iio = source.get(HostSensorShapes.IIO);
        if (iio != null) {
            IioChannel channel = iio.get(Iio.CHANNEL);
            return channel == null ? null : unitOf(channel, iio, problems);
        }
        return source.get(HostSensorShapes.THERMAL_ZONE) == null ? null : HostUnit.THERMAL_ZONE;
    }

    private static @Nullable HostUnit unitOf(IioChannel channel, Fields iio, Problems problems) {
        HostUnit unit = HostUnit.ofIio(channel.measured());
        if (unit == null) {
            String what = "`channel` of " + iio.what() + ": " + Problems.quote(channel.measured());
            String meant = Similar.closest(channel.measured(), HostUnit.iioTypes());
            problems.add(
                    iio.place(Iio.CHANNEL),
                    HostUnit.isNotInScmi(channel.measured())
                            ? what + " is measured in a unit that SCMI does not have"
                            : what + " is no type of IIO channels that is known"
                                    + (meant == null
                                            ? "; known are " + Problems.allOf(HostUnit.iioTypes())
                                            : "; did you mean " + Problems.quote(meant) + "?"));
        }
        return unit;
    }

    /** What the source reads; null if something is wrong with it, which the problems say. */
    static @Nullable HostChannel channel(Fields source) {
        Fields chip = source.get(HostSensorShapes.HWMON);
        if (chip != null) {
            ChipInput input = chip.get(Chip.INPUT);
            String name = chip.get(Chip.CHIP);
            return input == null || name == null
                    ? null
                    : new HostChannel.Hwmon(name, chip.get(Chip.DEVICE), input.file(), input.channel() + "_fault");
        }
        Fields iio = source.get(HostSensorShapes.IIO);
        if (iio != null) {
            IioChannel channel = iio.get(Iio.CHANNEL);
            String name = iio.get(Iio.DEVICE);
            return channel == null || name == null
                    ? null
                    : new HostChannel.Iio(name, iio.get(Iio.PARENT), channel.name(), channel.type());
        }
        String zone = source.get(HostSensorShapes.THERMAL_ZONE);
        return zone == null ? null : new HostChannel.ThermalZone(zone);
    }
}
