/* SENSOR_AXIS_NAME_GET: the extended names of a sensor's axes. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Header;
import org.scmid.protocol.Names;

/** SENSOR_AXIS_NAME_GET (0xD), since 3.0. */
public final class SensorAxisNameGet {
    private SensorAxisNameGet() {}

    /** See {@link AxisRequest}. */
    public static final class Request extends AxisRequest<Request> {
        public Request() {
            super(SensorMessage.SENSOR_AXIS_NAME_GET);
        }
    }

    /**
     * See {@link AxisReply}; for each axis:
     *
     * <pre>
     * 0  u32     axis id
     * 4  u8[64]  name, see {@link Names}
     * </pre>
     */
    public static final class Reply extends AxisReply<Reply> {
        /** Bytes of an axis. */
        public static final int AXIS_BYTES = 4 + Names.EXTENDED_BYTES;

        private static final int FIRST = MINIMUM_LENGTH;
        private static final int NAME = 4;

        public Reply() {}

        /** How many axes fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return Math.clamp((messageBytes - Header.RESPONSE_PAYLOAD - FIRST) / AXIS_BYTES, 0, MAX_AXES);
        }

        /** The id at {@code index}, 0..{@link #returned()}-1. */
        public int axis(int index) {
            return u32(FIRST + index * AXIS_BYTES);
        }

        public String name(int index) {
            return name(FIRST + index * AXIS_BYTES + NAME, Names.EXTENDED_BYTES);
        }

        /** Writes the axis at {@code index}; the name is cut to 63 characters. */
        public Reply axis(int index, int id, CharSequence name) {
            return putU32(FIRST + index * AXIS_BYTES, id)
                    .putName(FIRST + index * AXIS_BYTES + NAME, Names.EXTENDED_BYTES, name);
        }

        @Override
        public boolean isComplete() {
            return super.isComplete() && length() >= FIRST + returned() * AXIS_BYTES;
        }

        @Override
        public int messageLength() {
            return withStart(FIRST + returned() * AXIS_BYTES);
        }
    }
}
