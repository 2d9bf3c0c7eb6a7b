// Durations as people write them, for those outside of files who take them too.
package org.scmid.config.document;

import java.time.Duration;

/** Reads durations as files have them: {@code 10 s}, {@code 500 ms}, {@code 2min}. */
public final class DurationText {
    private DurationText() {}

    /**
     * Reads a duration of whole microseconds, at most a day.
     *
     * @throws IllegalArgumentException if it is none; the message says what would be right
     */
    public static Duration parse(String text) {
        try {
            return Units.duration(text.strip());
        } catch (Malformed malformed) {
            throw new IllegalArgumentException(Problems.quote(text) + " " + malformed.reason());
        }
    }
}
