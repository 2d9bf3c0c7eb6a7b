/* The description of one sensor in a list of them. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;

/**
 * One descriptor in the response of SENSOR_DESCRIPTION_GET. Descriptors follow each other without gaps and differ in
 * size: 28 bytes, 32 with extended attributes and axes, 52 with extended attributes and no axes.
 *
 * <pre>
 * 0   u32     sensor id
 * 4   u32     attributes_low
 *               31     asynchronous readings
 *               30     continuous updates (2.0 and later)
 *               29     has an extended name, see SENSOR_NAME_GET (3.0 and later)
 *               28:15  reserved
 *               14:10  exponent of timestamps, signed: a timestamp counts 10^exponent s (2.0 and later)
 *               9      timestamps (2.0 and later)
 *               8      extended attributes (2.0 and later)
 *               7:0    trip points
 * 8   u32     attributes_high
 *               31:27  update interval, in version 1.0 only: value,
 *               26:22  and exponent, signed; value x 10^exponent s
 *               21:16  axes (2.0 and later)
 *               15:11  exponent of the unit, signed
 *               10:9   reserved
 *               8      has axes (2.0 and later)
 *               7:0    type, see {@link SensorType}; 0 if it has axes
 * 12  u8[16]  name, see {@link Names}
 * 28  u32     power that the sensor needs, in microwatts; with extended attributes only
 * 32  u32     resolution, see {@link Resolution}; with extended attributes and without axes only
 * 36  i64     lowest value, low word first; as the resolution
 * 44  i64     highest value, low word first; as the resolution
 * </pre>
 */
public final class SensorDescriptor {
    /** Bytes without extended attributes. */
    public static final int LENGTH = 28;

    /** Bytes with extended attributes and axes. */
    public static final int LENGTH_EXTENDED_AXES = 32;

    /** Bytes with extended attributes and without axes. */
    public static final int LENGTH_EXTENDED = 52;

    public static final int ASYNC = 1 << 31;
    public static final int CONTINUOUS_UPDATE = 1 << 30;
    public static final int EXTENDED_NAME = 1 << 29;
    public static final int TIMESTAMPS = 1 << 9;
    public static final int EXTENDED = 1 << 8;

    /** Most trip points. */
    public static final int MAX_TRIP_POINTS = 0xFF;

    /** Most axes. */
    public static final int MAX_AXES = 0x3F;

    private static final int ID = 0;
    private static final int ATTRIBUTES_LOW = 4;
    private static final int ATTRIBUTES_HIGH = 8;
    private static final int NAME = 12;
    private static final int POWER = 28;
    private static final int RESOLUTION = 32;
    private static final int MIN = 36;
    private static final int MAX = 44;

    private static final int LOW_V1 = ASYNC | MAX_TRIP_POINTS;
    private static final int TIMESTAMP_EXPONENT_SHIFT = 10;
    private static final int TIMESTAMP_EXPONENT = 0x1F << TIMESTAMP_EXPONENT_SHIFT;
    private static final int LOW_V2 = LOW_V1 | CONTINUOUS_UPDATE | TIMESTAMP_EXPONENT | TIMESTAMPS | EXTENDED;
    private static final int LOW_V3 = LOW_V2 | EXTENDED_NAME;

    private static final int HAS_AXES = 1 << 8;
    private static final int AXES_SHIFT = 16;
    private static final int UNIT_EXPONENT_SHIFT = 11;
    private static final int INTERVAL_VALUE_SHIFT = 27;
    private static final int INTERVAL_EXPONENT_SHIFT = 22;
    private static final int TYPE = 0xFF;

    private MessageBuffer message = new MessageBuffer();
    private int start;

    /** Moves to the descriptor that begins at {@code start} of the buffer. */
    public SensorDescriptor wrap(MessageBuffer buffer, int start) {
        this.message = buffer;
        this.start = start;
        return this;
    }

    /** Bytes of a descriptor. */
    public static int length(boolean extended, boolean axes) {
        if (!extended) {
            return LENGTH;
        }
        return axes ? LENGTH_EXTENDED_AXES : LENGTH_EXTENDED;
    }

    /** attributes_low without trip points and the timestamps' exponent: only the bits that a version defines. */
    public static int attributesLow(int flags, int tripPoints, int timestampExponent, int version) {
        if (tripPoints < 0 || tripPoints > MAX_TRIP_POINTS) {
            throw new IllegalArgumentException("number of trip points " + tripPoints + " is not in 0..255");
        }
        int defined = ProtocolVersion.isAtLeast(version, SensorVersion.V3_0)
                ? LOW_V3
                : ProtocolVersion.isAtLeast(version, SensorVersion.V2_0) ? LOW_V2 : LOW_V1;
        int exponent = SignedBits.put(timestampExponent, TIMESTAMP_EXPONENT_SHIFT);
        return ((flags & ~(TIMESTAMP_EXPONENT | MAX_TRIP_POINTS)) | exponent | tripPoints) & defined;
    }

    /** attributes_high of a sensor without axes, in version 2.0 and later. */
    public static int scalar(int type, int unitExponent) {
        return SignedBits.put(unitExponent, UNIT_EXPONENT_SHIFT) | (type & TYPE);
    }

    /** attributes_high of a sensor with 1..63 axes; version 2.0 and later. */
    public static int axes(int axes) {
        if (axes < 1 || axes > MAX_AXES) {
            throw new IllegalArgumentException("number of axes " + axes + " is not in 1..63");
        }
        return axes << AXES_SHIFT | HAS_AXES;
    }

    /** attributes_high in version 1.0; the interval is written as well as five bits can, 0 if it is 0. */
    public static int scalarV1(int type, int unitExponent, long intervalNanos) {
        int exponent = UpdateInterval.exponentV1(intervalNanos);
        return UpdateInterval.seconds(intervalNanos, exponent) << INTERVAL_VALUE_SHIFT
                | SignedBits.put(exponent, INTERVAL_EXPONENT_SHIFT)
                | scalar(type, unitExponent);
    }

    /** Where in the buffer the next descriptor begins, by the attributes. */
    public int end() {
        return start + length(isExtended(), hasAxes());
    }

    /** Whether the buffer holds the descriptor to its end. */
    public boolean isComplete() {
        return message.length() >= start + LENGTH && message.length() >= end();
    }

    public int id() {
        return message.getU32(start + ID);
    }

    public SensorDescriptor id(int id) {
        message.putU32(start + ID, id);
        return this;
    }

    public int attributesLow() {
        return message.getU32(start + ATTRIBUTES_LOW);
    }

    public int attributesHigh() {
        return message.getU32(start + ATTRIBUTES_HIGH);
    }

    /** Writes both words; see {@link #attributesLow(int, int, int, int)}, {@link #scalar}, {@link #axes(int)}. */
    public SensorDescriptor attributes(int low, int high) {
        message.putU32(start + ATTRIBUTES_LOW, low);
        message.putU32(start + ATTRIBUTES_HIGH, high);
        return this;
    }

    public boolean isExtended() {
        return (attributesLow() & EXTENDED) != 0;
    }

    public int tripPoints() {
        return attributesLow() & MAX_TRIP_POINTS;
    }

    /** Power of ten of seconds, -16..15. */
    public int timestampExponent() {
        return SignedBits.get(attributesLow(), TIMESTAMP_EXPONENT_SHIFT);
    }

    public boolean hasAxes() {
        return (attributesHigh() & HAS_AXES) != 0;
    }

    /** 0..63; version 2.0 and later. */
    public int axes() {
        return attributesHigh() >>> AXES_SHIFT & MAX_AXES;
    }

    /** See {@link SensorType}. */
    public int type() {
        return attributesHigh() & TYPE;
    }

    /** Power of ten, -16..15: values count 10^exponent of the unit. */
    public int unitExponent() {
        return SignedBits.get(attributesHigh(), UNIT_EXPONENT_SHIFT);
    }

    /** In nanoseconds; version 1.0 only. */
    public long intervalV1() {
        return UpdateInterval.nanos(
                attributesHigh() >>> INTERVAL_VALUE_SHIFT, SignedBits.get(attributesHigh(), INTERVAL_EXPONENT_SHIFT));
    }

    public String name() {
        return Names.get(message, start + NAME, Names.SHORT_BYTES);
    }

    /** Writes the name, cut to 15 characters. */
    public SensorDescriptor name(CharSequence name) {
        Names.put(message, start + NAME, Names.SHORT_BYTES, name);
        return this;
    }

    /** Microwatts, with extended attributes only. */
    public int power() {
        return message.getU32(start + POWER);
    }

    public SensorDescriptor power(int microwatts) {
        message.putU32(start + POWER, microwatts);
        return this;
    }

    /** See {@link Resolution}; with extended attributes and without axes only. */
    public int resolution() {
        return message.getU32(start + RESOLUTION);
    }

    /** As {@link #resolution()}, in the unit of the values. */
    public long min() {
        return message.getU64(start + MIN);
    }

    /** As {@link #resolution()}, in the unit of the values. */
    public long max() {
        return message.getU64(start + MAX);
    }

    /** Writes what {@link #resolution()}, {@link #min()} and {@link #max()} read. */
    public SensorDescriptor range(int resolution, long min, long max) {
        message.putU32(start + RESOLUTION, resolution);
        message.putU64(start + MIN, min);
        message.putU64(start + MAX, max);
        return this;
    }
}
