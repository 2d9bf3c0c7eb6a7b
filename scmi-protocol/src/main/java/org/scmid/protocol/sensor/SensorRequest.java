/* What requests of the Sensor protocol that name a sensor have in common. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.RequestPayload;

/**
 * A request whose first word is the sensor.
 *
 * <pre>
 * 0  u32  sensor id
 * </pre>
 */
public abstract class SensorRequest<S extends SensorRequest<S>> extends RequestPayload<S> {
    private static final int SENSOR = 0;

    SensorRequest(SensorMessage command, int length) {
        super(command, length);
    }

    /** Sensor id, unsigned. */
    public final int sensor() {
        return u32(SENSOR);
    }

    public final S sensor(int sensor) {
        return putU32(SENSOR, sensor);
    }
}
