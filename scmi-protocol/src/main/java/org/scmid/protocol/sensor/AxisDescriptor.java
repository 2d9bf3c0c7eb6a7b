/* The description of one axis of a sensor in a list of them. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Field;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Name;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U64;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.ProtocolVersion;

/**
 * One descriptor in the response of SENSOR_AXIS_DESCRIPTION_GET: 28 bytes, 48 with extended attributes.
 *
 * <pre>
 * attributes_low
 *   31:10  reserved
 *   9      has an extended name, see SENSOR_AXIS_NAME_GET (3.0 and later)
 *   8      extended attributes
 *   7:0    reserved
 * attributes_high
 *   31:16  reserved
 *   15:11  exponent of the unit, signed
 *   10:8   reserved
 *   7:0    type, see {@link SensorType}
 * </pre>
 */
public final class AxisDescriptor {
    private static final Layout LAYOUT = Layout.of(
            Field.u32("id"),
            Field.bits("attributes_low"),
            Field.bits("attributes_high"),
            Field.shortName("name"),
            // With extended attributes only.
            Field.bits("resolution"),
            Field.i64("min"),
            Field.i64("max"));

    private static final U32 ID = LAYOUT.u32("id");
    private static final U32 ATTRIBUTES_LOW = LAYOUT.u32("attributes_low");
    private static final U32 ATTRIBUTES_HIGH = LAYOUT.u32("attributes_high");
    private static final Name NAME = LAYOUT.name("name");
    private static final U32 RESOLUTION = LAYOUT.u32("resolution");
    private static final U64 MIN = LAYOUT.u64("min");
    private static final U64 MAX = LAYOUT.u64("max");

    /** Bytes without extended attributes. */
    public static final int LENGTH = RESOLUTION.offset();

    /** Bytes with extended attributes. */
    public static final int LENGTH_EXTENDED = LAYOUT.length(0);

    public static final int EXTENDED_NAME = 1 << 9;
    public static final int EXTENDED = 1 << 8;

    private static final int UNIT_EXPONENT_SHIFT = 11;
    private static final int TYPE = 0xFF;

    private MessageBuffer message = new MessageBuffer();
    private int start;

    /** Moves to the descriptor that begins at {@code start} of the buffer. */
    public AxisDescriptor wrap(MessageBuffer buffer, int start) {
        this.message = buffer;
        this.start = start;
        return this;
    }

    /** Bytes of a descriptor. */
    public static int length(boolean extended) {
        return extended ? LENGTH_EXTENDED : LENGTH;
    }

    /** Where in the buffer the next descriptor begins, by the attributes. */
    public int end() {
        return start + length(isExtended());
    }

    /** Whether the buffer holds the descriptor to its end. */
    public boolean isComplete() {
        return message.length() >= start + LENGTH && message.length() >= end();
    }

    public int id() {
        return ID.get(message, start);
    }

    public AxisDescriptor id(int id) {
        ID.put(message, start, id);
        return this;
    }

    public int attributesLow() {
        return ATTRIBUTES_LOW.get(message, start);
    }

    public int attributesHigh() {
        return ATTRIBUTES_HIGH.get(message, start);
    }

    /** Writes those of {@link #EXTENDED} and {@link #EXTENDED_NAME} that the version defines, and the type. */
    public AxisDescriptor attributes(int flags, int type, int unitExponent, int version) {
        int defined = ProtocolVersion.isAtLeast(version, SensorVersion.V3_0) ? EXTENDED | EXTENDED_NAME : EXTENDED;
        ATTRIBUTES_LOW.put(message, start, flags & defined);
        ATTRIBUTES_HIGH.put(message, start, SignedBits.put(unitExponent, UNIT_EXPONENT_SHIFT) | (type & TYPE));
        return this;
    }

    public boolean isExtended() {
        return (attributesLow() & EXTENDED) != 0;
    }

    /** See {@link SensorType}. */
    public int type() {
        return attributesHigh() & TYPE;
    }

    /** Power of ten, -16..15: values count 10^exponent of the unit. */
    public int unitExponent() {
        return SignedBits.get(attributesHigh(), UNIT_EXPONENT_SHIFT);
    }

    public String name() {
        return NAME.get(message, start);
    }

    /** Writes the name, cut to 15 characters. */
    public AxisDescriptor name(CharSequence name) {
        NAME.put(message, start, name);
        return this;
    }

    /** See {@link Resolution}; with extended attributes only. */
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
    public AxisDescriptor range(int resolution, long min, long max) {
        RESOLUTION.put(message, start, resolution);
        MIN.put(message, start, min);
        MAX.put(message, start, max);
        return this;
    }
}
