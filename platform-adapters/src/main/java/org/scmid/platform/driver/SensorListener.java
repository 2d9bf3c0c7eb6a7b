// Who wants to know what sensors say.
package org.scmid.platform.driver;

/** Is told of samples. */
@FunctionalInterface
public interface SensorListener {
    /**
     * The update interval is over, and the sensor was read: its values are new. Not called if it could not be read.
     *
     * @param sensor its position on the board, from 0
     */
    void sampled(int sensor);
}
