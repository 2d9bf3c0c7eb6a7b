// Numbers and quantities as people write them.
package org.scmid.config.document;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Numbers and quantities as people write them: {@code 24 MHz}, {@code 33.333 MHz}, {@code 4KiB}, {@code 0xff44_0000}.
 * A rate without a unit is in Hz and a size without one in bytes; a duration needs its unit.
 */
public final class Units {
    /** Hz, powers of 1000. */
    public static final Map<String, BigDecimal> RATE = units("Hz", 0, "kHz", 3, "MHz", 6, "GHz", 9);

    /** Bytes: KiB counts 1024, KB and kB count 1000. */
    public static final Map<String, BigDecimal> SIZE = sizes();

    /** Seconds. */
    public static final Map<String, BigDecimal> TIME = times();

    /** Volts. */
    public static final Map<String, BigDecimal> VOLTAGE =
            units("uV", -6, "\u00b5V", -6, "\u03bcV", -6, "mV", -3, "V", 0);

    /** Watts. */
    public static final Map<String, BigDecimal> POWER = units("uW", -6, "\u00b5W", -6, "\u03bcW", -6, "mW", -3, "W", 0);

    public static final String DECIMAL = "[0-9]+(?:_[0-9]+)*";
    public static final String HEX = "0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)*";

    private static final Pattern QUANTITY =
            Pattern.compile("(" + HEX + "|" + DECIMAL + "(?:\\.[0-9]+(?:_[0-9]+)*)?)\\s*([A-Za-z\u00b5\u03bc]*)");
    private static final int LONGEST = 64;
    private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private Units() {}

    /** A rate in Hz, 0 to 2^63 - 1; it must be a whole number of Hz. */
    public static long rate(String text) throws Malformed {
        return whole(quantity(text, RATE, "a rate", "24 MHz", true), "Hz");
    }

    /** A size in bytes, 0 to 2^63 - 1. */
    public static long size(String text) throws Malformed {
        return whole(quantity(text, SIZE, "a size", "4 KiB", true), "bytes");
    }

    /** A duration of whole microseconds, at most a day. */
    public static Duration duration(String text) throws Malformed {
        BigDecimal seconds = quantity(text, TIME, "a duration", "10 ms", false);
        if (seconds.compareTo(BigDecimal.valueOf(86_400)) > 0) {
            throw new Malformed("is longer than a day");
        }
        return Duration.ofNanos(whole(seconds.movePointRight(6), "microseconds") * 1000);
    }

    /** A voltage in microvolts, 0 to 2^31 - 1; it must be a whole number of microvolts. */
    public static int voltage(String text) throws Malformed {
        long microvolts =
                whole(quantity(text, VOLTAGE, "a voltage", "3.3 V", false).movePointRight(6), "microvolts");
        if (microvolts > Integer.MAX_VALUE) {
            throw new Malformed("is more than SCMI can say, 2147.483647 V");
        }
        return (int) microvolts;
    }

    /** A power in microwatts, 0 to 2^32 - 1; it must be a whole number of microwatts. */
    public static long power(String text) throws Malformed {
        long microwatts =
                whole(quantity(text, POWER, "a power", "120 mW", false).movePointRight(6), "microwatts");
        if (microwatts > 0xffff_ffffL) {
            throw new Malformed("is more than SCMI can say, 4294.967295 W");
        }
        return microwatts;
    }

    /** A voltage for people: {@code 3.3 V}, {@code 812.5 mV}. */
    public static String showVoltage(int microvolts) {
        BigDecimal value = BigDecimal.valueOf(microvolts);
        boolean whole = Math.abs((long) microvolts) >= 1_000_000;
        return value.movePointLeft(whole ? 6 : 3).stripTrailingZeros().toPlainString() + (whole ? " V" : " mV");
    }

    /** A whole number, decimal or 0x, from 0 to the largest given, as an unsigned 64-bit number. */
    public static long number(String text, long largest) throws Malformed {
        BigDecimal value = quantity(text, Map.of(), "a number", "10 or 0x10", true);
        BigInteger limit = new BigInteger(Long.toUnsignedString(largest));
        if (value.stripTrailingZeros().scale() > 0) {
            throw new Malformed("is not a whole number");
        }
        if (value.toBigInteger().compareTo(limit) > 0) {
            throw new Malformed("is too large; the largest is " + hexOrDecimal(largest));
        }
        return value.toBigInteger().longValue();
    }

    private static String hexOrDecimal(long value) {
        return value >= 0 && value < 10_000 ? Long.toString(value) : "0x" + Long.toHexString(value);
    }

    private static long whole(BigDecimal value, String unit) throws Malformed {
        if (value.stripTrailingZeros().scale() > 0) {
            throw new Malformed("is not a whole number of " + unit);
        }
        if (value.compareTo(LONG_MAX) > 0) {
            throw new Malformed("is too large");
        }
        return value.longValueExact();
    }

    private static BigDecimal quantity(
            String text, Map<String, BigDecimal> units, String what, String example, boolean unitMayMiss)
            throws Malformed {
        Matcher matcher = QUANTITY.matcher(text);
        // A number of a million digits would be arithmetic without end.
        if (text.length() > LONGEST || !matcher.matches()) {
            throw new Malformed("is not " + what + "; write it like `" + example.replace(" or ", "` or `") + "`");
        }
        String number = matcher.group(1);
        String unit = matcher.group(2);
        if (unit.isEmpty()) {
            boolean zero = number.equals("0");
            if (!unitMayMiss && !zero) {
                throw new Malformed("needs a unit: " + Problems.anyOf(shown(units)));
            }
            return value(number);
        }
        BigDecimal scale = units.get(unit);
        if (scale == null) {
            if (units.isEmpty()) {
                throw new Malformed("must be a plain number, without " + Problems.quote(unit));
            }
            String closest = meant(unit, shown(units));
            throw new Malformed("has the unknown unit " + Problems.quote(unit)
                    + (closest == null ? "" : "; did you mean " + Problems.quote(number + " " + closest) + "?")
                    + (closest == null ? "; allowed are " : " Allowed are ")
                    + Problems.allOf(shown(units)));
        }
        return value(number).multiply(scale);
    }

    /** The unit that was written without its end ({@code 64K}), else the one that is nearest, or null. */
    private static @Nullable String meant(String given, Collection<String> units) {
        for (String unit : units) {
            if (unit.length() > given.length() && unit.regionMatches(true, 0, given, 0, given.length())) {
                return unit;
            }
        }
        return Similar.closest(given, units);
    }

    private static Collection<String> shown(Map<String, BigDecimal> units) {
        return units.keySet().stream()
                .filter(unit -> unit.chars().allMatch(c -> c < 0x80))
                .toList();
    }

    private static BigDecimal value(String number) throws Malformed {
        String digits = number.replace("_", "");
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            return new BigDecimal(new BigInteger(digits.substring(2), 16));
        }
        if (digits.length() > 1 && digits.charAt(0) == '0' && digits.charAt(1) != '.') {
            throw new Malformed("begins with 0, which some read as octal; write it without, or as 0x");
        }
        return new BigDecimal(digits);
    }

    /** A rate of whole Hz for people. */
    public static String showRate(long hz) {
        return showRate((double) hz);
    }

    /** A rate for people: {@code 24 MHz}, {@code 33.333 MHz}, {@code 32768 Hz}. */
    public static String showRate(double hz) {
        BigDecimal value = new BigDecimal(hz).setScale(hz < 1000 ? 3 : 0, RoundingMode.HALF_EVEN);
        String unit = "Hz";
        BigDecimal scale = BigDecimal.ONE;
        for (Map.Entry<String, BigDecimal> candidate : RATE.entrySet()) {
            if (value.compareTo(candidate.getValue()) >= 0) {
                unit = candidate.getKey();
                scale = candidate.getValue();
            }
        }
        return value.divide(scale).stripTrailingZeros().toPlainString() + " " + unit;
    }

    private static Map<String, BigDecimal> units(Object... namesAndPowersOfTen) {
        Map<String, BigDecimal> units = new LinkedHashMap<>();
        for (int i = 0; i < namesAndPowersOfTen.length; i += 2) {
            units.put((String) namesAndPowersOfTen[i], BigDecimal.ONE.scaleByPowerOfTen((Integer)
                    namesAndPowersOfTen[i + 1]));
        }
        return units;
    }

    private static Map<String, BigDecimal> sizes() {
        Map<String, BigDecimal> sizes = units("B", 0);
        sizes.put("KiB", BigDecimal.valueOf(1L << 10));
        sizes.put("MiB", BigDecimal.valueOf(1L << 20));
        sizes.put("GiB", BigDecimal.valueOf(1L << 30));
        sizes.putAll(units("kB", 3, "KB", 3, "MB", 6, "GB", 9));
        return sizes;
    }

    private static Map<String, BigDecimal> times() {
        Map<String, BigDecimal> times = units("us", -6, "\u00b5s", -6, "\u03bcs", -6, "ms", -3, "s", 0);
        times.put("min", BigDecimal.valueOf(60));
        return times;
    }
}
