// Sizes as QEMU's command line has them.
package org.scmid.server.guest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as QEMU's {@code -m} has them: {@code 256M}, {@code 536K}; a number alone counts MiB. */
public final class QemuSize {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([KMGT]?)");
    private static final String UNITS = "KMGT";

    private QemuSize() {}

    /**
     * The bytes that a text means.
     *
     * @throws IllegalArgumentException if it is no such size, or one of 2^63 bytes and more; the message says what is
     *     right
     */
    public static long parse(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (matcher.matches()) {
            String unit = matcher.group(2).isEmpty() ? "M" : matcher.group(2);
            try {
                return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * (UNITS.indexOf(unit) + 1)));
            } catch (ArithmeticException e) {
                // too large, as below
            }
        }
        throw new IllegalArgumentException("is a number with K, M, G or T, for example 512M, not " + text);
    }

    /**
     * The text for a size.
     *
     * @param bytes a multiple of 1024
     */
    public static String text(long bytes) {
        if (bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "G";
        }
        return bytes % (1L << 20) == 0 ? (bytes >> 20) + "M" : (bytes >> 10) + "K";
    }
}
