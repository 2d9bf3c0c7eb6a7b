/* SENSOR_AXIS_NAME_GET: the extended names of a sensor's axes. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Items;
import org.scmid.protocol.Layout.Name;
import org.scmid.protocol.Layout.U32;

/** SENSOR_AXIS_NAME_GET (0xD), since 3.0. */
public final class SensorAxisNameGet {
    private SensorAxisNameGet() {}

    /** See {@link AxisRequest}. */
    public static final class Request extends AxisRequest<Request> {
        public Request() {
            super(SensorMessage.SENSOR_AXIS_NAME_GET);
        }
    }

    /** See {@link AxisReply}; each axis has its id and its name. */
    public static final class Reply extends AxisReply<Reply> {
        private static final Layout LAYOUT = SensorMessage.SENSOR_AXIS_NAME_GET.fromPlatform();
        private static final Items NAMES = LAYOUT.list("names");
        private static final U32 AXIS = NAMES.item().u32("axis");
        private static final Name NAME = NAMES.item().name("name");

        public Reply() {
            super(LAYOUT);
        }

        /** How many axes fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return NAMES.capacity(messageBytes, MAX_AXES);
        }

        /** The id at {@code index}, 0..{@link #returned()}-1. */
        public int axis(int index) {
            return getItem(AXIS, NAMES.at(index));
        }

        public String name(int index) {
            return getItem(NAME, NAMES.at(index));
        }

        /** Writes the axis at {@code index}; the name is cut to 63 characters. */
        public Reply axis(int index, int id, CharSequence name) {
            return putItem(AXIS, NAMES.at(index), id).putItem(NAME, NAMES.at(index), name);
        }

        @Override
        public boolean isComplete() {
            return super.isComplete() && length() >= NAMES.at(returned());
        }

        @Override
        public int messageLength() {
            return withStart(NAMES.at(returned()));
        }
    }
}
