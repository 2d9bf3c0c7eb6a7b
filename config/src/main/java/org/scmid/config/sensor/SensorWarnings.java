// What a board file may say of sensors, and its author would rather know.
package org.scmid.config.sensor;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problem;
import org.scmid.config.document.Problems;

/** What a board file may say of sensors, and its author would rather know: nothing is wrong, but not all will be as it seems. */
public final class SensorWarnings {
    private SensorWarnings() {}

    /** Looks at the sensors of a board without mistakes, by name. */
    public static List<Problem> of(Map<String, SensorSpec> sensors) {
        Problems found = new Problems();
        sensors.forEach((name, sensor) -> warnOfShortIntervals(name, sensor.tooShort(), found));
        return found.count() == 0 ? List.of() : found.exception().problems();
    }

    private static void warnOfShortIntervals(String name, @Nullable Place place, Problems found) {
        if (place != null) {
            found.add(
                    place,
                    "sensor " + Problems.quote(name)
                            + ": an update interval below 1 ms is taken as 1 ms, the shortest that there is");
        }
    }
}
