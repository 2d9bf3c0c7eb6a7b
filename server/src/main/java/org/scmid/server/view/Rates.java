// How rates are written for people.
package org.scmid.server.view;

import java.math.BigDecimal;

/** Rates as people write them: {@code 24 MHz}, {@code 32.768 kHz}, {@code 3.428571 MHz}; always exact. */
public final class Rates {
    private Rates() {}

    /**
     * The exact rate in the largest unit that leaves at least 1 before the point.
     *
     * @param hz in Hz, not negative
     */
    public static String text(long hz) {
        if (hz >= 1_000_000_000) {
            return scaled(hz, 9) + " GHz";
        }
        if (hz >= 1_000_000) {
            return scaled(hz, 6) + " MHz";
        }
        if (hz >= 1_000) {
            return scaled(hz, 3) + " kHz";
        }
        return hz + " Hz";
    }

    private static String scaled(long hz, int digits) {
        return BigDecimal.valueOf(hz, digits).stripTrailingZeros().toPlainString();
    }
}
