/* SENSOR_READING_GET: the message that reads a sensor. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.DelayedPayload;
import org.scmid.protocol.Header;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;

/**
 * SENSOR_READING_GET (0x6) and its delayed response SENSOR_READING_COMPLETE.
 *
 * <p>A reading is a bare value in version 1.0, and a value with a timestamp in later versions; an axis sensor has one for
 * each axis, in the order of the axes. Their number is not in the message.
 */
public final class SensorReadingGet {
    /** Bytes of a reading in version 1.0. */
    public static final int READING_BYTES_V1 = 8;

    /** Bytes of a reading in version 2.0 and later: i64 value, u64 timestamp, each low word first. */
    public static final int READING_BYTES = 16;

    private static final int TIMESTAMP = 8;

    private SensorReadingGet() {}

    /** Bytes of a reading in a version of the protocol. */
    public static int readingBytes(int version) {
        return ProtocolVersion.isAtLeast(version, SensorVersion.V2_0) ? READING_BYTES : READING_BYTES_V1;
    }

    /**
     * <pre>
     * 0  u32  sensor id
     * 4  u32  flags
     *           0     asynchronous
     *           31:1  reserved
     * </pre>
     */
    public static final class Request extends SensorRequest<Request> {
        public static final int LENGTH = 8;
        public static final int FLAG_ASYNC = 1;
        public static final int FLAGS_RESERVED = ~FLAG_ASYNC;
        private static final int FLAGS = 4;

        public Request() {
            super(SensorMessage.SENSOR_READING_GET, LENGTH);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return u32(FLAGS);
        }

        public Request flags(int flags) {
            return putU32(FLAGS, flags & ~FLAGS_RESERVED);
        }
    }

    /**
     * The response to a synchronous reading; to an asynchronous one it is a status only. Version 1.0: one value.
     *
     * <pre>
     * 0  i64  value, low word first
     * 8  u64  timestamp, low word first; 0 if there is none; version 2.0 and later
     * 16      the same of the other axes
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int MINIMUM_LENGTH = READING_BYTES_V1;

        public Reply() {
            super(MINIMUM_LENGTH);
        }

        /** Bytes of the whole message in a version of the protocol. */
        public static int messageLength(int readings, int version) {
            return Header.RESPONSE_PAYLOAD + readings * readingBytes(version);
        }

        /** Readings in the message, by its length; version 2.0 and later. */
        public int readings() {
            return length() / READING_BYTES;
        }

        /** The only value; version 1.0. */
        public long valueV1() {
            return u64(0);
        }

        public Reply valueV1(long value) {
            return putU64(0, value);
        }

        /** The value at {@code index}, 0..{@link #readings()}-1. */
        public long value(int index) {
            return u64(index * READING_BYTES);
        }

        /** Unsigned; 0 if there is none. */
        public long timestamp(int index) {
            return u64(index * READING_BYTES + TIMESTAMP);
        }

        /** Version 2.0 and later. */
        public Reply reading(int index, long value, long timestamp) {
            return putU64(index * READING_BYTES, value).putU64(index * READING_BYTES + TIMESTAMP, timestamp);
        }
    }

    /**
     * SENSOR_READING_COMPLETE, after its status.
     *
     * <pre>
     * 0  u32  sensor id
     * 4       readings, as in the response to a synchronous reading
     * </pre>
     */
    public static final class Delayed extends DelayedPayload<Delayed> {
        public static final int MINIMUM_LENGTH = 4 + READING_BYTES_V1;
        private static final int SENSOR = 0;
        private static final int READINGS = 4;

        public Delayed() {
            super(MINIMUM_LENGTH);
        }

        /** Bytes of the whole message in a version of the protocol. */
        public static int messageLength(int readings, int version) {
            return Header.RESPONSE_PAYLOAD + READINGS + readings * readingBytes(version);
        }

        /** Sensor id, unsigned. */
        public int sensor() {
            return u32(SENSOR);
        }

        public Delayed sensor(int sensor) {
            return putU32(SENSOR, sensor);
        }

        /** Readings in the message, by its length; version 2.0 and later. */
        public int readings() {
            return (length() - READINGS) / READING_BYTES;
        }

        /** The only value; version 1.0. */
        public long valueV1() {
            return u64(READINGS);
        }

        public Delayed valueV1(long value) {
            return putU64(READINGS, value);
        }

        /** The value at {@code index}, 0..{@link #readings()}-1. */
        public long value(int index) {
            return u64(READINGS + index * READING_BYTES);
        }

        /** Unsigned; 0 if there is none. */
        public long timestamp(int index) {
            return u64(READINGS + index * READING_BYTES + TIMESTAMP);
        }

        /** Version 2.0 and later. */
        public Delayed reading(int index, long value, long timestamp) {
            return putU64(READINGS + index * READING_BYTES, value)
                    .putU64(READINGS + index * READING_BYTES + TIMESTAMP, timestamp);
        }
    }
}
