// What a board file may say about values that the host's own kernel measures.
package org.scmid.config.sensor;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Malformed;
import org.scmid.config.document.Node;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;

/** What a board file may say about values that the host's own kernel measures. */
final class HostSensorShapes {
    private static final int LONGEST_NAME = 127;
    private static final String CHIP_INPUT = "(in|temp|fan|curr|power|energy|humidity)([0-9]{1,4})"
            + "(?:_((?:input|average)(?:_lowest|_highest)?|lowest|highest))?";
    private static final String IIO_CHANNEL =
            "(in|out)_([a-z]+)([0-9]{0,4})(?:-([a-z]+)([0-9]{0,4}))?((?:_[a-z0-9]+)*)";
    private static final Pattern CHIP_INPUT_PATTERN = Pattern.compile(CHIP_INPUT);
    private static final Pattern IIO_CHANNEL_PATTERN = Pattern.compile(IIO_CHANNEL);

    private HostSensorShapes() {}

    /** What the kernel or a driver calls something: compared with files' contents, never part of a path. */
    static final Value<String> NAME = Values.named(
            "host-name",
            Values.scalar(
                    text -> Values.name(text, LONGEST_NAME),
                    Map.of("type", List.of("string", "integer"), "minLength", 1, "maxLength", LONGEST_NAME)));

    /**
     * A file of a hwmon chip.
     *
     * @param kind what is measured, such as {@code temp}
     * @param channel kind and number, such as {@code temp1}
     * @param file the file's name, such as {@code temp1_input}
     */
    record ChipInput(String kind, String channel, String file) {}

    static final Value<ChipInput> CHIP_INPUT_VALUE =
            Values.scalar(HostSensorShapes::chipInput, Map.of("type", "string", "pattern", "^" + CHIP_INPUT + "$"));

    /**
     * A channel of an IIO device.
     *
     * @param name as it is written
     * @param measured what is measured, such as {@code voltage}
     * @param type the name without numbers and what follows them, such as {@code in_voltage}
     */
    record IioChannel(String name, String measured, String type) {}

    static final Value<IioChannel> IIO_CHANNEL_VALUE =
            Values.scalar(HostSensorShapes::iioChannel, Map.of("type", "string", "pattern", "^" + IIO_CHANNEL + "$"));

    /** What `--simulate` gives instead; the same key is a source of its own if no other is there. */
    static final Key<Fields> SIMULATED = Key.optional(
            "simulated",
            SensorShapes.Movement.SHAPE,
            "How the value moves with `--simulate`; the middle of `range`, or 0, if not given.");

    /** Keys of a chip's value. */
    static final class Chip {
        static final Key<String> CHIP = Key.required("chip", NAME, "What the chip's `name` file says.");
        static final Key<ChipInput> INPUT = Key.required(
                "input", CHIP_INPUT_VALUE, "The value, as `temp1` or `in0`, or a whole file name as `power1_average`.");
        static final Key<String> DEVICE = Key.optional(
                "device", NAME, "The device that the chip belongs to, needed if several chips have the same name.");
        static final Shape SHAPE = new Shape("hwmon value", "A value of a hwmon chip.", CHIP, INPUT, DEVICE);

        private Chip() {}
    }

    /** Keys of an IIO device's value. */
    static final class Iio {
        static final Key<String> DEVICE =
                Key.required("device", NAME, "What the device's `name` or `label` file says.");
        static final Key<IioChannel> CHANNEL =
                Key.required("channel", IIO_CHANNEL_VALUE, "The channel, as `in_voltage0` or `in_accel_x`.");
        static final Key<String> PARENT = Key.optional(
                "parent", NAME, "The device that it belongs to, needed if several devices have the same name.");
        static final Shape SHAPE = new Shape("iio value", "A channel of an IIO device.", DEVICE, CHANNEL, PARENT);

        private Iio() {}
    }

    static final Key<Fields> HWMON = Key.required("hwmon", Chip.SHAPE, "A value of a chip of the host's hwmon.");
    static final Key<Fields> IIO = Key.required("iio", Iio.SHAPE, "A channel of a device of the host's IIO.");
    static final Key<String> THERMAL_ZONE = Key.required(
            "thermal-zone", NAME, "The temperature of a thermal zone of the host, by its type or as `thermal_zone2`.");

    static final Shape HWMON_SOURCE =
            new Shape("hwmon source", "A value of a chip of the host's hwmon.", HWMON, SIMULATED);
    static final Shape IIO_SOURCE = new Shape("iio source", "A channel of a device of the host's IIO.", IIO, SIMULATED);
    static final Shape THERMAL_ZONE_SOURCE =
            new Shape("thermal zone source", "The temperature of a thermal zone of the host.", THERMAL_ZONE, SIMULATED);

    /** The shape of a source of the host; null if it is none. */
    static @Nullable Shape of(Node node) {
        if (!(node instanceof Node.Mapping mapping)) {
            return null;
        }
        if (mapping.entries().containsKey(HWMON.name())) {
            return HWMON_SOURCE;
        }
        if (mapping.entries().containsKey(IIO.name())) {
            return IIO_SOURCE;
        }
        return mapping.entries().containsKey(THERMAL_ZONE.name()) ? THERMAL_ZONE_SOURCE : null;
    }

    private static ChipInput chipInput(String text) throws Malformed {
        Matcher matcher = CHIP_INPUT_PATTERN.matcher(text);
        if (!matcher.matches()) {
            throw new Malformed("is not a value of a hwmon chip; write one of in, temp, fan, curr, power, energy and"
                    + " humidity with its number, like `temp1`, or the whole name of the file, like `power1_average`");
        }
        String channel = matcher.group(1) + matcher.group(2);
        return new ChipInput(
                matcher.group(1), channel, channel + "_" + (matcher.group(3) == null ? "input" : matcher.group(3)));
    }

    private static IioChannel iioChannel(String text) throws Malformed {
        Matcher matcher = IIO_CHANNEL_PATTERN.matcher(text);
        if (!matcher.matches()) {
            throw new Malformed(
                    "is not an IIO channel; write what stands before `_raw` or `_input`, like `in_voltage0`");
        }
        if (text.endsWith("_raw") || text.endsWith("_input")) {
            throw new Malformed("is a file; write the channel alone, `" + text.substring(0, text.lastIndexOf('_'))
                    + "`: its scale and offset are found by themselves");
        }
        String second = matcher.group(4) == null ? "" : "-" + matcher.group(4);
        return new IioChannel(text, matcher.group(2), matcher.group(1) + "_" + matcher.group(2) + second);
    }
}
