/* What the requests for a list of a sensor's axes have in common. */
package org.scmid.protocol.sensor;

/**
 * A request for a list of a sensor's axes.
 *
 * <pre>
 * 0  u32  sensor id
 * 4  u32  axis_desc_index: the first axis wanted
 * </pre>
 */
public abstract class AxisRequest<S extends AxisRequest<S>> extends SensorRequest<S> {
    public static final int LENGTH = 8;
    private static final int INDEX = 4;

    AxisRequest(SensorMessage command) {
        super(command, LENGTH);
    }

    /** Unsigned. */
    public final int index() {
        return u32(INDEX);
    }

    public final S index(int index) {
        return putU32(INDEX, index);
    }
}
