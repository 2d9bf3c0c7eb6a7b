// A frequency as QEMU's monitor prints it: three significant digits.
package org.scmid.system;

import java.util.Map;

/**
 * What QEMU's monitor says of a clock, such as {@code 13.8 MHz}: every rate that it would print so.
 *
 * @param text as it was printed
 * @param lowest the lowest rate, in Hz
 * @param highest the highest rate, in Hz
 */
record Frequency(String text, double lowest, double highest) {
    private static final Map<String, Double> UNITS = Map.of("Hz", 1.0, "KHz", 1e3, "MHz", 1e6, "GHz", 1e9);
    private static final int DIGITS = 3;

    /**
     * Models keep a clock's period in units of 2^-32 ns, or a rate in whole Hz, at each step from the root: this much may be
     * lost beyond the printed digits.
     */
    private static final double LOST_HZ = 3;

    private static final double LOST_PART = 1e-6;

    /** Reads what is behind {@code freq_hz=}. */
    static Frequency parse(String text) {
        String[] words = text.strip().split(" ", -1);
        Double unit = words.length == 2 ? UNITS.get(words[1]) : null;
        if (unit == null) {
            throw new AssertionError("QEMU's monitor prints the frequency " + text);
        }
        double value = Double.parseDouble(words[0]) * unit;
        if (value == 0) {
            return new Frequency(text, 0, 0);
        }
        double lastDigit = Math.pow(10, Math.floor(Math.log10(value * (1 + 1e-9))) + 1 - DIGITS);
        double margin = lastDigit / 2 + LOST_HZ + value * LOST_PART;
        return new Frequency(text, Math.max(0, value - margin), value + margin);
    }

    /** Whether the monitor would print a rate so. A clock that stands is 0, and no other is. */
    boolean isOf(long hz) {
        return hz >= lowest && hz <= highest && (hz == 0) == (highest == 0);
    }
}
