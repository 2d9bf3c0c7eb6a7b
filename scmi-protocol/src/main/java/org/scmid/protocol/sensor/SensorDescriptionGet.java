/* SENSOR_DESCRIPTION_GET: the list of sensors with their features. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Header;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.RequestPayload;

/** SENSOR_DESCRIPTION_GET (0x3). */
public final class SensorDescriptionGet {
    private SensorDescriptionGet() {}

    public static final class Request extends RequestPayload<Request> {
        private static final Layout LAYOUT = SensorMessage.SENSOR_DESCRIPTION_GET.fromAgent();
        private static final U32 INDEX = LAYOUT.u32("desc_index");

        public Request() {
            super(SensorMessage.SENSOR_DESCRIPTION_GET);
        }

        /** The first sensor wanted, unsigned. */
        public int index() {
            return get(INDEX);
        }

        public Request index(int index) {
            return put(INDEX, index);
        }
    }

    /**
     * <pre>
     * num_sensor_flags
     *   11:0   descriptors in this message
     *   15:12  reserved
     *   31:16  descriptors that remain after this message
     * </pre>
     *
     * {@link SensorDescriptor}s follow, without gaps.
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = SensorMessage.SENSOR_DESCRIPTION_GET.fromPlatform();
        private static final U32 FLAGS = LAYOUT.u32("num_sensor_flags");

        /** Where in a message the first descriptor begins. */
        public static final int DESCRIPTORS = Header.RESPONSE_PAYLOAD + LAYOUT.rest("descriptors");

        public static final int MAX_RETURNED = 0xFFF;
        public static final int MAX_REMAINING = 0xFFFF;
        private static final int REMAINING_SHIFT = 16;

        private final SensorDescriptor walker = new SensorDescriptor();

        public Reply() {
            super(LAYOUT);
        }

        /** Descriptors in this message, 0..4095. */
        public int returned() {
            return get(FLAGS) & MAX_RETURNED;
        }

        /** Descriptors that remain after this message, 0..65535. */
        public int remaining() {
            return get(FLAGS) >>> REMAINING_SHIFT;
        }

        /** Announces descriptors, which are written by {@link SensorDescriptor} from {@link #DESCRIPTORS} on. */
        public Reply counts(int returned, int remaining) {
            return put(
                    FLAGS,
                    checkCount("number of descriptors", returned, MAX_RETURNED)
                            | checkCount("number of remaining descriptors", remaining, MAX_REMAINING)
                                    << REMAINING_SHIFT);
        }

        /** Where in the message the descriptor at {@code index}, 0..{@link #returned()}, begins or would begin. */
        public int start(int index) {
            MessageBuffer message = message();
            int start = DESCRIPTORS;
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
            int start = DESCRIPTORS;
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
