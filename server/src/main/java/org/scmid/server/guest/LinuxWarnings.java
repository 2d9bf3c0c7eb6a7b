// What of an agent's view a newer Linux does not cope with.
package org.scmid.server.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.scmid.config.board.Board;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.config.sensor.SensorUnit;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;

/**
 * Finds in the view of an agent what Linux, newer than 6.12, trips over.
 *
 * <p>Its hwmon driver sends SENSOR_CONFIG_SET for each temperature sensor before it makes a thermal zone of it, and none
 * if that fails. It counts temperature sensors only, and takes that number, 0 for the first, for the sensor's id. So it
 * means the right ones only if they come before all other sensors.
 */
public final class LinuxWarnings {
    private LinuxWarnings() {}

    /** One line for each thing; none if all is well. */
    public static List<String> of(Board board, AgentSpec agent) {
        List<Grant> sensors = agent.grants(ResourceKind.SENSOR);
        int[] temperatures = IntStream.range(0, sensors.size())
                .filter(id -> isTemperature(board, sensors.get(id)))
                .toArray();
        var warnings = new ArrayList<String>();
        for (int count = 0; count < temperatures.length; count++) {
            String temperature = sensors.get(temperatures[count]).resource();
            Grant switched = sensors.get(count);
            if (temperatures[count] != count) {
                warnings.add("Linux newer than 6.12 switches on " + called(switched) + ", sensor " + count
                        + ", where it means `" + temperature + "`, sensor " + temperatures[count]
                        + "; put the temperature sensors first in `sensors`");
            }
            if (!switched.permits(Control.CONFIG)) {
                warnings.add("Linux newer than 6.12 has no thermal zone of `" + temperature
                        + "`, since it may not switch on " + called(switched) + "; give `control` of that sensor");
            }
        }
        return warnings;
    }

    private static boolean isTemperature(Board board, Grant grant) {
        SensorSpec sensor = board.sensors().get(grant.resource());
        return grant.permission() != Permission.NONE
                && sensor != null
                && sensor.channels().getFirst().unit() == SensorUnit.DEGREES_CELSIUS;
    }

    private static String called(Grant grant) {
        return grant.permission() == Permission.NONE ? "one that is not for this guest" : "`" + grant.resource() + "`";
    }
}
