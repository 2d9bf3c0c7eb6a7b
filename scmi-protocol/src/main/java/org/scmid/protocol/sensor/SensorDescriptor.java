/* The description of one sensor in a list of them. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Field;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Name;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U64;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.ProtocolVersion;

/**
 * One descriptor in the response of SENSOR_DESCRIPTION_GET. Descriptors follow each other without gaps and differ in
 * size: 28 bytes, 32 with extended attributes and axes, 52 with extended attributes and no axes.
 *
 * <pre>
 * attributes_low
 *   31     asynchronous readings
 *   30     continuous updates (2.0 and later)
 *   29     has an extended name, see SENSOR_NAME_GET (3.0 and later)
 *   28:15  reserved
 *   14:10  exponent of timestamps, signed: a timestamp counts 10^exponent s (2.0 and later)
 *   9      timestamps (2.0 and later)
 *   8      extended attributes (2.0 and later)
 *   7:0    trip points
 * attributes_high
 *   31:27  update interval, in version 1.0 only: value,
 *   26:22  and exponent, signed; value x 10^exponent s
 *   21:16  axes (2.0 and later)
 *   15:11  exponent of the unit, signed
 *   10:9   reserved
 *   8      has axes (2.0 and later)
 *   7:0    type, see {@link SensorType}; 0 if it has axes
 * </pre>
 */
public final class SensorDescriptor {
    private static final Layout LAYOUT = Layout.of(
            Field.u32("id"),
            Field.bits("attributes_low"),
            Field.bits("attributes_high"),
            Field.shortName("name"),
            // With extended attributes only; what follows it only without axes.
            Field.u32("power"),
            Field.bits("resolution"),
            Field.i64("min"),
            Field.i64("max"));

    private static final U32 ID = LAYOUT.u32("id");
    private static final U32 ATTRIBUTES_LOW = LAYOUT.u32("attributes_low");
    private static final U32 ATTRIBUTES_HIGH = LAYOUT.u32("attributes_high");
    private static final Name NAME = LAYOUT.name("name");
    private static final U32 POWER = LAYOUT.u32("power");
    private static final U32 RESOLUTION = LAYOUT.u32("resolution");
    private static final U64 MIN = LAYOUT.u64("min");
    private static final U64 MAX = LAYOUT.u64("max");

    /** Bytes without extended attributes. */
    public static final int LENGTH = POWER.offset();

    /** Bytes with extended attributes and axes. */
    public static final int LENGTH_EXTENDED_AXES = RESOLUTION.offset();

    /** Bytes with extended attributes and without axes. */
    public static final int LENGTH_EXTENDED = LAYOUT.length(0);

    public static final int ASYNC = 1 << 31;
    public static final int CONTINUOUS_UPDATE = 1 << 30;
    public static final int EXTENDED_NAME = 1 << 29;
    public static final int TIMESTAMPS = 1 << 9;
    public static final int EXTENDED = 1 << 8;

    /** Most trip points. */
    public static final int MAX_TRIP_POINTS = 0xFF;

    /** Most axes. */
    public static final int MAX_AXES = 0x3F;

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
        return ID.get(message, start);
    }

    public SensorDescriptor id(int id) {
        ID.put(message, start, id);
        return this;
    }

    public int attributesLow() {
        return ATTRIBUTES_LOW.get(message, start);
    }

    public int attributesHigh() {
        return ATTRIBUTES_HIGH.get(message, start);
    }

    /** Writes both words; see {@link #attributesLow(int, int, int, int)}, {@link #scalar}, {@link #axes(int)}. */
    public SensorDescriptor attributes(int low, int high) {
        ATTRIBUTES_LOW.put(message, start, low);
        ATTRIBUTES_HIGH.put(message, start, high);
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
        return NAME.get(message, start);
    }

    /** Writes the name, cut to 15 characters. */
    public SensorDescriptor name(CharSequence name) {
        NAME.put(message, start, name);
        return this;
    }

    /** Microwatts, with extended attributes only. */
    public int power() {
        return POWER.get(message, start);
    }

    public SensorDescriptor power(int microwatts) {
        POWER.put(message, start, microwatts);
        return this;
    }

    /** See {@link Resolution}; with extended attributes and without axes only. */
    public int resolution() {
        return RESOLUTION.get(message, start);
    }

    /** As {@link #resolution()}, in the unit of the values. */
    public long min() {
        return MIN.get(message, start);
    }

    /** As {@link #resolution()}, in the unit of the values. */
    public long max() {
        return MAX.get(message, start);
    }

    /** Writes what {@link #resolution()}, {@link #min()} and {@link #max()} read. */
    public SensorDescriptor range(int resolution, long min, long max) {
        RESOLUTION.put(message, start, resolution);
        MIN.put(message, start, min);
        MAX.put(message, start, max);
        return this;
    }
}
