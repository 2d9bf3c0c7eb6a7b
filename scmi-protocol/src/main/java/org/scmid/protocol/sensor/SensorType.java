/* What the values of a sensor measure: the types of the Sensor protocol, with their units. */
package org.scmid.protocol.sensor;

import org.jspecify.annotations.Nullable;

/** What the values of a sensor measure, with the symbol of the unit. The codes are those of CIM and PLDM. */
public enum SensorType {
    NONE(0x00, ""),
    UNSPECIFIED(0x01, ""),
    DEGREES_CELSIUS(0x02, "\u00b0C"),
    DEGREES_FAHRENHEIT(0x03, "\u00b0F"),
    KELVIN(0x04, "K"),
    VOLT(0x05, "V"),
    AMPERE(0x06, "A"),
    WATT(0x07, "W"),
    JOULE(0x08, "J"),
    COULOMB(0x09, "C"),
    VOLT_AMPERE(0x0A, "VA"),
    NIT(0x0B, "nit"),
    LUMEN(0x0C, "lm"),
    LUX(0x0D, "lx"),
    CANDELA(0x0E, "cd"),
    KILOPASCAL(0x0F, "kPa"),
    PSI(0x10, "psi"),
    NEWTON(0x11, "N"),
    CUBIC_FEET_PER_MINUTE(0x12, "CFM"),
    REVOLUTIONS_PER_MINUTE(0x13, "rpm"),
    HERTZ(0x14, "Hz"),
    SECOND(0x15, "s"),
    MINUTE(0x16, "min"),
    HOUR(0x17, "h"),
    DAY(0x18, "d"),
    WEEK(0x19, "week"),
    MIL(0x1A, "mil"),
    INCH(0x1B, "in"),
    FOOT(0x1C, "ft"),
    CUBIC_INCH(0x1D, "in\u00b3"),
    CUBIC_FOOT(0x1E, "ft\u00b3"),
    METER(0x1F, "m"),
    CUBIC_CENTIMETER(0x20, "cm\u00b3"),
    CUBIC_METER(0x21, "m\u00b3"),
    LITER(0x22, "l"),
    FLUID_OUNCE(0x23, "fl_oz"),
    RADIAN(0x24, "rad"),
    STERADIAN(0x25, "sr"),
    REVOLUTION(0x26, "rev"),
    CYCLE(0x27, "cycle"),
    GRAVITY(0x28, "g0"),
    OUNCE(0x29, "oz"),
    POUND(0x2A, "lb"),
    FOOT_POUND(0x2B, "ft-lb"),
    OUNCE_INCH(0x2C, "oz-in"),
    GAUSS(0x2D, "Gs"),
    GILBERT(0x2E, "Gb"),
    HENRY(0x2F, "H"),
    FARAD(0x30, "F"),
    OHM(0x31, "\u03a9"),
    SIEMENS(0x32, "S"),
    MOLE(0x33, "mol"),
    BECQUEREL(0x34, "Bq"),
    PARTS_PER_MILLION(0x35, "ppm"),
    DECIBEL(0x36, "dB"),
    DECIBEL_A(0x37, "dBA"),
    DECIBEL_C(0x38, "dBC"),
    GRAY(0x39, "Gy"),
    SIEVERT(0x3A, "Sv"),
    COLOR_TEMPERATURE_KELVIN(0x3B, "color-temperature"),
    BIT(0x3C, "bit"),
    BYTE(0x3D, "byte"),
    WORD(0x3E, "word"),
    DOUBLE_WORD(0x3F, "dword"),
    QUAD_WORD(0x40, "qword"),
    PERCENT(0x41, "%"),
    PASCAL(0x42, "Pa"),
    COUNT(0x43, "count"),
    GRAM(0x44, "g"),
    NEWTON_METER(0x45, "N\u00b7m"),
    HIT(0x46, "hits"),
    MISS(0x47, "misses"),
    RETRY(0x48, "retries"),
    OVERRUN(0x49, "overruns"),
    UNDERRUN(0x4A, "underruns"),
    COLLISION(0x4B, "collisions"),
    PACKET(0x4C, "packets"),
    MESSAGE(0x4D, "messages"),
    CHARACTER(0x4E, "characters"),
    ERROR(0x4F, "errors"),
    CORRECTED_ERROR(0x50, "corrected-errors"),
    UNCORRECTABLE_ERROR(0x51, "uncorrectable-errors"),
    SQUARE_MIL(0x52, "mil\u00b2"),
    SQUARE_INCH(0x53, "in\u00b2"),
    SQUARE_FOOT(0x54, "ft\u00b2"),
    SQUARE_CENTIMETER(0x55, "cm\u00b2"),
    SQUARE_METER(0x56, "m\u00b2"),
    RADIAN_PER_SECOND(0x57, "rad/s"),
    BEAT_PER_MINUTE(0x58, "bpm"),
    METER_PER_SECOND_SQUARED(0x59, "m/s\u00b2"),
    METER_PER_SECOND(0x5A, "m/s"),
    CUBIC_METER_PER_SECOND(0x5B, "m\u00b3/s"),
    MILLIMETER_OF_MERCURY(0x5C, "mmHg"),
    RADIAN_PER_SECOND_SQUARED(0x5D, "rad/s\u00b2"),
    OEM(0xFF, "oem");

    private static final int CODES = 0x100;
    private static final @Nullable SensorType[] BY_CODE = new SensorType[CODES];

    static {
        for (SensorType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final String unit;

    SensorType(int code, String unit) {
        this.code = code;
        this.unit = unit;
    }

    /** As the wire carries it, 0..255. */
    public int code() {
        return code;
    }

    /** The symbol of the unit, empty if it has none. */
    public String unit() {
        return unit;
    }

    /** The type with this code, null if it is reserved, also when out of range. */
    public static @Nullable SensorType of(int code) {
        return code >= 0 && code < CODES ? BY_CODE[code] : null;
    }
}
