// What the files count in which the host's kernel shows what it measures.
package org.scmid.config.sensor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a file of the kernel counts: the documented interface of hwmon ({@code sysfs-class-hwmon}), of IIO ({@code
 * sysfs-bus-iio}) and of thermal zones.
 *
 * @param unit the unit; null if the kernel gives numbers that have none
 * @param exponent the file counts 10^exponent of it
 * @param scale what a sensor counts if the board file does not say it: fine enough for the digits that files have
 */
record HostUnit(@Nullable SensorUnit unit, int exponent, int scale) {
    static final HostUnit THERMAL_ZONE = whole(SensorUnit.DEGREES_CELSIUS, -3);

    private static final Map<String, HostUnit> HWMON = Map.of(
            "in", whole(SensorUnit.VOLT, -3),
            "temp", whole(SensorUnit.DEGREES_CELSIUS, -3),
            "fan", whole(SensorUnit.REVOLUTIONS_PER_MINUTE, 0),
            "curr", whole(SensorUnit.AMPERE, -3),
            "power", whole(SensorUnit.WATT, -6),
            "energy", whole(SensorUnit.JOULE, -6),
            "humidity", whole(SensorUnit.PERCENT, -3));

    private static final HostUnit UNITLESS = whole(null, 0);
    private static final Map<String, HostUnit> IIO = new LinkedHashMap<>();

    /** In units that SCMI does not have: degrees, and siemens per meter. */
    private static final Set<String> NOT_IN_SCMI = Set.of("incli", "rot", "electricalconductivity");

    static {
        IIO.put("voltage", whole(SensorUnit.VOLT, -3));
        IIO.put("altvoltage", whole(SensorUnit.VOLT, -3));
        IIO.put("current", whole(SensorUnit.AMPERE, -3));
        IIO.put("power", whole(SensorUnit.WATT, -3));
        IIO.put("temp", whole(SensorUnit.DEGREES_CELSIUS, -3));
        IIO.put("humidityrelative", whole(SensorUnit.PERCENT, -3));
        IIO.put("positionrelative", whole(SensorUnit.PERCENT, -3));
        IIO.put("capacitance", whole(SensorUnit.FARAD, -9));
        IIO.put("accel", fraction(SensorUnit.METER_PER_SECOND_SQUARED));
        IIO.put("gravity", fraction(SensorUnit.METER_PER_SECOND_SQUARED));
        IIO.put("anglvel", fraction(SensorUnit.RADIAN_PER_SECOND));
        IIO.put("angl", fraction(SensorUnit.RADIAN));
        IIO.put("deltaangl", fraction(SensorUnit.RADIAN));
        IIO.put("deltavelocity", fraction(SensorUnit.METER_PER_SECOND));
        IIO.put("magn", fraction(SensorUnit.GAUSS));
        IIO.put("pressure", fraction(SensorUnit.KILOPASCAL));
        IIO.put("illuminance", fraction(SensorUnit.LUX));
        IIO.put("distance", fraction(SensorUnit.METER));
        IIO.put("energy", fraction(SensorUnit.JOULE));
        IIO.put("resistance", fraction(SensorUnit.OHM));
        IIO.put("concentration", fraction(SensorUnit.PERCENT));
        IIO.put("activity", fraction(SensorUnit.PERCENT));
        IIO.put("steps", whole(SensorUnit.COUNT, 0));
        IIO.put("count", UNITLESS);
        IIO.put("intensity", UNITLESS);
        IIO.put("proximity", UNITLESS);
        IIO.put("uvindex", UNITLESS);
        IIO.put("ph", UNITLESS);
    }

    private static HostUnit whole(@Nullable SensorUnit unit, int exponent) {
        return new HostUnit(unit, exponent, exponent);
    }

    private static HostUnit fraction(SensorUnit unit) {
        return new HostUnit(unit, 0, -3);
    }

    /** Of a kind of value of a hwmon chip. */
    static HostUnit ofChip(String kind) {
        HostUnit unit = HWMON.get(kind);
        if (unit == null) {
            throw new IllegalArgumentException("hwmon has no values called " + kind);
        }
        return unit;
    }

    /** Of a type of IIO channels, after scale and offset; null if the type is not known. */
    static @Nullable HostUnit ofIio(String measured) {
        return IIO.get(measured);
    }

    /** Whether the kernel knows the type, but SCMI has no unit for it. */
    static boolean isNotInScmi(String measured) {
        return NOT_IN_SCMI.contains(measured);
    }

    /** The types of IIO channels that can be used. */
    static Set<String> iioTypes() {
        return IIO.keySet();
    }
}
