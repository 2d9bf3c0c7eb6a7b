// What a sensor can measure: every type that SCMI knows, by the symbols and words that people write.
package org.scmid.config.sensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a sensor can measure, and in which unit: every type of SCMI's Sensor protocol. Board files name one by its symbol
 * or a word: {@code °C}, {@code degC} and {@code celsius} are the same.
 */
public enum SensorUnit {
    NONE(0x00, "none"),
    UNSPECIFIED(0x01, "unspecified"),
    DEGREES_CELSIUS(0x02, "\u00b0C", "degC", "celsius"),
    DEGREES_FAHRENHEIT(0x03, "\u00b0F", "degF", "fahrenheit"),
    KELVIN(0x04, "K", "kelvin"),
    VOLT(0x05, "V", "volt"),
    AMPERE(0x06, "A", "ampere"),
    WATT(0x07, "W", "watt"),
    JOULE(0x08, "J", "joule"),
    COULOMB(0x09, "C", "coulomb"),
    VOLT_AMPERE(0x0A, "VA", "volt-ampere"),
    NIT(0x0B, "nit"),
    LUMEN(0x0C, "lm", "lumen"),
    LUX(0x0D, "lx", "lux"),
    CANDELA(0x0E, "cd", "candela"),
    KILOPASCAL(0x0F, "kPa", "kilopascal"),
    PSI(0x10, "psi"),
    NEWTON(0x11, "N", "newton"),
    CUBIC_FEET_PER_MINUTE(0x12, "CFM", "cfm"),
    REVOLUTIONS_PER_MINUTE(0x13, "rpm"),
    HERTZ(0x14, "Hz", "hertz"),
    SECOND(0x15, "s", "second"),
    MINUTE(0x16, "min", "minute"),
    HOUR(0x17, "h", "hour"),
    DAY(0x18, "d", "day"),
    WEEK(0x19, "week"),
    MIL(0x1A, "mil"),
    INCH(0x1B, "in", "inch"),
    FOOT(0x1C, "ft", "foot"),
    CUBIC_INCH(0x1D, "in\u00b3", "in^3"),
    CUBIC_FOOT(0x1E, "ft\u00b3", "ft^3"),
    METER(0x1F, "m", "meter"),
    CUBIC_CENTIMETER(0x20, "cm\u00b3", "cm^3"),
    CUBIC_METER(0x21, "m\u00b3", "m^3"),
    LITER(0x22, "l", "liter"),
    FLUID_OUNCE(0x23, "fl_oz", "fluid-ounce"),
    RADIAN(0x24, "rad", "radian"),
    STERADIAN(0x25, "sr", "steradian"),
    REVOLUTION(0x26, "rev", "revolution"),
    CYCLE(0x27, "cycle"),
    GRAVITY(0x28, "g0", "gravity"),
    OUNCE(0x29, "oz", "ounce"),
    POUND(0x2A, "lb", "pound"),
    FOOT_POUND(0x2B, "ft-lb", "foot-pound"),
    OUNCE_INCH(0x2C, "oz-in", "ounce-inch"),
    GAUSS(0x2D, "Gs", "gauss"),
    GILBERT(0x2E, "Gb", "gilbert"),
    HENRY(0x2F, "H", "henry"),
    FARAD(0x30, "F", "farad"),
    OHM(0x31, "\u03a9", "ohm"),
    SIEMENS(0x32, "S", "siemens"),
    MOLE(0x33, "mol", "mole"),
    BECQUEREL(0x34, "Bq", "becquerel"),
    PARTS_PER_MILLION(0x35, "ppm"),
    DECIBEL(0x36, "dB", "decibel"),
    DECIBEL_A(0x37, "dBA"),
    DECIBEL_C(0x38, "dBC"),
    GRAY(0x39, "Gy", "gray"),
    SIEVERT(0x3A, "Sv", "sievert"),
    COLOR_TEMPERATURE_KELVIN(0x3B, "color-temperature", "color-temperature-kelvin"),
    BIT(0x3C, "bit"),
    BYTE(0x3D, "byte"),
    WORD(0x3E, "word"),
    DOUBLE_WORD(0x3F, "dword", "double-word"),
    QUAD_WORD(0x40, "qword", "quad-word"),
    PERCENT(0x41, "%", "percent"),
    PASCAL(0x42, "Pa", "pascal"),
    COUNT(0x43, "count"),
    GRAM(0x44, "g", "gram"),
    NEWTON_METER(0x45, "N\u00b7m", "N.m", "newton-meter"),
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
    SQUARE_MIL(0x52, "mil\u00b2", "mil^2"),
    SQUARE_INCH(0x53, "in\u00b2", "in^2"),
    SQUARE_FOOT(0x54, "ft\u00b2", "ft^2"),
    SQUARE_CENTIMETER(0x55, "cm\u00b2", "cm^2"),
    SQUARE_METER(0x56, "m\u00b2", "m^2"),
    RADIAN_PER_SECOND(0x57, "rad/s"),
    BEAT_PER_MINUTE(0x58, "bpm"),
    METER_PER_SECOND_SQUARED(0x59, "m/s\u00b2", "m/s^2", "m/s2"),
    METER_PER_SECOND(0x5A, "m/s"),
    CUBIC_METER_PER_SECOND(0x5B, "m\u00b3/s", "m^3/s"),
    MILLIMETER_OF_MERCURY(0x5C, "mmHg"),
    RADIAN_PER_SECOND_SQUARED(0x5D, "rad/s\u00b2", "rad/s^2"),
    OEM(0xFF, "oem");

    private static final Map<String, SensorUnit> BY_WORD = new LinkedHashMap<>();

    static {
        for (SensorUnit unit : values()) {
            for (String word : unit.words) {
                if (BY_WORD.put(word, unit) != null) {
                    throw new IllegalStateException("two units are called " + word);
                }
            }
        }
    }

    private final int code;

    @SuppressWarnings("ImmutableEnumChecker") // a list that nobody can change
    private final List<String> words;

    SensorUnit(int code, String... words) {
        this.code = code;
        this.words = List.of(words);
    }

    /** The code of the type on the wire, 0..255. */
    public int code() {
        return code;
    }

    /** The unit of a type on the wire; {@link #UNSPECIFIED} for one that is not known. */
    public static SensorUnit byCode(int code) {
        for (SensorUnit unit : values()) {
            if (unit.code == code) {
                return unit;
            }
        }
        return UNSPECIFIED;
    }

    /** How the unit is written after a number; empty if it measures nothing in particular. */
    public String symbol() {
        return code <= UNSPECIFIED.code ? "" : words.getFirst();
    }

    /** All that board files may call it, the symbol first. */
    public List<String> words() {
        return words;
    }

    /** Every unit by every word for it. */
    public static Map<String, SensorUnit> byWord() {
        return BY_WORD;
    }
}
