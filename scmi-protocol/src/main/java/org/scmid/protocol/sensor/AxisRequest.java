/* What the requests for a list of a sensor's axes have in common. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ResourceRequestPayload;

/** A request for a list of the axes of a sensor. */
public abstract class AxisRequest<S extends AxisRequest<S>> extends ResourceRequestPayload<S> {
    private static final Layout LAYOUT = SensorMessage.SENSOR_AXIS_DESCRIPTION_GET.fromAgent();
    private static final U32 INDEX = LAYOUT.u32("axis_desc_index");

    AxisRequest(SensorMessage command) {
        super(command);
    }

    /** The first axis wanted, unsigned. */
    public final int index() {
        return get(INDEX);
    }

    public final S index(int index) {
        return put(INDEX, index);
    }
}
