// Who wants to know what sensors say.
package org.scmid.platform.sensor;

/** Is told of readings. */
public interface SensorListener {
    /**
     * A reading that was {@link ReadOutcome#PENDING} has ended.
     *
     * @param sensor the sensor; if the reading succeeded its values are the new ones
     * @param succeeded whether the values could be read
     */
    void readingEnded(Sensor sensor, boolean succeeded);

    /** The update interval is over, and the sensor was read: its values are new. Not called if it could not be read. */
    void sampled(Sensor sensor);
}
