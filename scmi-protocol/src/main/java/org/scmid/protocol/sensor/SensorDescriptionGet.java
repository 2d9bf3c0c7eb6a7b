/* SENSOR_DESCRIPTION_GET: the list of sensors with their features. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.RequestPayload;

/** SENSOR_DESCRIPTION_GET (0x3). */
public final class SensorDescriptionGet {
    private SensorDescriptionGet() {}

    /**
     * <pre>
     * 0  u32  desc_index: the first sensor wanted
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 4;
        private static final int INDEX = 0;

        public Request() {
            super(SensorMessage.SENSOR_DESCRIPTION_GET, LENGTH);
        }

        /** Unsigned. */
        public int index() {
            return u32(INDEX);
        }

        public Request index(int index) {
            return putU32(INDEX, index);
        }
    }

    /**
     * <pre>
     * 0  u32  num_sensor_flags
     *           11:0   descriptors in this message
     *           15:12  reserved
     *           31:16  descriptors that remain after this message
     * 4       {@link SensorDescriptor}s, without gaps
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        /** Bytes without descriptors. */
        public static final int MINIMUM_LENGTH = 4;

        /** Where in a message the first descriptor begins. */
        public static final int DESCRIPTORS = Header.RESPONSE_PAYLOAD + MINIMUM_LENGTH;

        public static final int MAX_RETURNED = 0xFFF;
        public static final int MAX_REMAINING = 0xFFFF;
        private static final int FLAGS = 0;
        private static final int REMAINING_SHIFT = 16;

        private final SensorDescriptor walker = new SensorDescriptor();

        public Reply() {
            super(MINIMUM_LENGTH);
        }

        /** Descriptors in this message, 0..4095. */
        public int returned() {
            return u32(FLAGS) & MAX_RETURNED;
        }

        /** Descriptors that remain after this message, 0..65535. */
        public int remaining() {
            return u32(FLAGS) >>> REMAINING_SHIFT;
        }

        /** Announces descriptors, which are written by {@link SensorDescriptor} from {@link #DESCRIPTORS} on. */
        public Reply counts(int returned, int remaining) {
            return putU32(
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
