/* SENSOR_READING_GET: the message that reads a sensor. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.DelayedPayload;
import org.scmid.protocol.Header;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U64;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.ResourceRequestPayload;

/**
 * SENSOR_READING_GET (0x6) and its delayed response SENSOR_READING_COMPLETE.
 *
 * <p>A reading is a bare value in version 1.0, and a value with a timestamp in later versions; an axis sensor has one for
 * each axis, in the order of the axes. Their number is not in the message.
 */
public final class SensorReadingGet {
    private static final Layout REPLY = SensorMessage.SENSOR_READING_GET.fromPlatform();

    /** Bytes of a reading with a timestamp, in version 2.0 and later. */
    static final int READING_BYTES = REPLY.length(SensorVersion.V2_0);

    private SensorReadingGet() {}

    /** Bytes of a reading in a version of the protocol. */
    public static int readingBytes(int version) {
        return REPLY.length(version);
    }

    /**
     * <pre>
     * flags
     *   0     asynchronous
     *   31:1  reserved
     * </pre>
     */
    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = SensorMessage.SENSOR_READING_GET.fromAgent();
        private static final U32 FLAGS = LAYOUT.u32("flags");

        public static final int FLAG_ASYNC = 1;
        public static final int FLAGS_RESERVED = ~FLAG_ASYNC;

        public Request() {
            super(SensorMessage.SENSOR_READING_GET);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return get(FLAGS);
        }

        public Request flags(int flags) {
            return put(FLAGS, flags & ~FLAGS_RESERVED);
        }
    }

    /** The response to a synchronous reading; to an asynchronous one it is a status only. Version 1.0: one value. */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final U64 VALUE = REPLY.u64("value");
        private static final U64 TIMESTAMP = REPLY.u64("timestamp");

        public Reply() {
            super(REPLY);
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
            return get(VALUE);
        }

        public Reply valueV1(long value) {
            return put(VALUE, value);
        }

        /** The value at {@code index}, 0..{@link #readings()}-1. */
        public long value(int index) {
            return getItem(VALUE, index * READING_BYTES);
        }

        /** Unsigned; 0 if there is none. */
        public long timestamp(int index) {
            return getItem(TIMESTAMP, index * READING_BYTES);
        }

        /** Version 2.0 and later. */
        public Reply reading(int index, long value, long timestamp) {
            int at = index * READING_BYTES;
            return putItem(VALUE, at, value).putItem(TIMESTAMP, at, timestamp);
        }
    }

    /** SENSOR_READING_COMPLETE, after its status: the sensor, then readings as in the response to a synchronous reading. */
    public static final class Delayed extends DelayedPayload<Delayed> {
        private static final Layout LAYOUT = SensorMessage.SENSOR_READING_COMPLETE.fromPlatform();
        private static final U32 SENSOR = LAYOUT.u32("sensor");
        private static final U64 VALUE = LAYOUT.u64("value");
        private static final U64 TIMESTAMP = LAYOUT.u64("timestamp");
        private static final int READINGS = VALUE.offset();

        public Delayed() {
            super(LAYOUT);
        }

        /** Bytes of the whole message in a version of the protocol. */
        public static int messageLength(int readings, int version) {
            return Header.RESPONSE_PAYLOAD + READINGS + readings * readingBytes(version);
        }

        /** Sensor id, unsigned. */
        public int sensor() {
            return get(SENSOR);
        }

        public Delayed sensor(int sensor) {
            return put(SENSOR, sensor);
        }

        /** Readings in the message, by its length; version 2.0 and later. */
        public int readings() {
            return (length() - READINGS) / READING_BYTES;
        }

        /** The only value; version 1.0. */
        public long valueV1() {
            return get(VALUE);
        }

        public Delayed valueV1(long value) {
            return put(VALUE, value);
        }

        /** The value at {@code index}, 0..{@link #readings()}-1. */
        public long value(int index) {
            return getItem(VALUE, index * READING_BYTES);
        }

        /** Unsigned; 0 if there is none. */
        public long timestamp(int index) {
            return getItem(TIMESTAMP, index * READING_BYTES);
        }

        /** Version 2.0 and later. */
        public Delayed reading(int index, long value, long timestamp) {
            int at = index * READING_BYTES;
            return putItem(VALUE, at, value).putItem(TIMESTAMP, at, timestamp);
        }
    }
}
