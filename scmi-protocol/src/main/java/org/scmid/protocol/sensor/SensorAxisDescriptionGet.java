/* SENSOR_AXIS_DESCRIPTION_GET: the list of a sensor's axes with their features. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.MessageBuffer;

/** SENSOR_AXIS_DESCRIPTION_GET (0x7), since 2.0. */
public final class SensorAxisDescriptionGet {
    private SensorAxisDescriptionGet() {}

    /** See {@link AxisRequest}. */
    public static final class Request extends AxisRequest<Request> {
        public Request() {
            super(SensorMessage.SENSOR_AXIS_DESCRIPTION_GET);
        }
    }

    /** {@link AxisDescriptor}s without gaps; see {@link AxisReply}. */
    public static final class Reply extends AxisReply<Reply> {
        private final AxisDescriptor walker = new AxisDescriptor();

        public Reply() {
            super(SensorMessage.SENSOR_AXIS_DESCRIPTION_GET.fromPlatform());
        }

        /** Where in the message the descriptor at {@code index}, 0..{@link #returned()}, begins or would begin. */
        public int start(int index) {
            MessageBuffer message = message();
            int start = AXES;
            for (int i = 0; i < index; i++) {
                start = walker.wrap(message, start).end();
            }
            return start;
        }

        @Override
        public boolean isComplete() {
            if (!super.isComplete()) {
                return false;
            }
            int start = AXES;
            for (int i = 0; i < returned(); i++) {
                if (!walker.wrap(message(), start).isComplete()) {
                    return false;
                }
                start = walker.end();
            }
            return true;
        }

        @Override
        public int messageLength() {
            return start(returned());
        }
    }
}
