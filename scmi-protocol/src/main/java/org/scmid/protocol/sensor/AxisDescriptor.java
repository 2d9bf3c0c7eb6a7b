/* The description of one axis of a sensor in a list of them. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;

/**
 * One descriptor in the response of SENSOR_AXIS_DESCRIPTION_GET: 28 bytes, 48 with extended attributes.
 *
 * <pre>
 * 0   u32     axis id
 * 4   u32     attributes_low
 *               31:10  reserved
 *               9      has an extended name, see SENSOR_AXIS_NAME_GET (3.0 and later)
 *               8      extended attributes
 *               7:0    reserved
 * 8   u32     attributes_high
 *               31:16  reserved
 *               15:11  exponent of the unit, signed
 *               10:8   reserved
 *               7:0    type, see {@link SensorType}
 * 12  u8[16]  name, see {@link Names}
 * 28  u32     resolution, see {@link Resolution}; with extended attributes only
 * 32  i64     lowest value, low word first; as the resolution
 * 40  i64     highest value, low word first; as the resolution
 * </pre>
 */
public final class AxisDescriptor {
    /** Bytes without extended attributes. */
    public static final int LENGTH = 28;

    /** Bytes with extended attributes. */
    public static final int LENGTH_EXTENDED = 48;

    public static final int EXTENDED_NAME = 1 << 9;
    public static final int EXTENDED = 1 << 8;

    private static final int ID = 0;
    private static final int ATTRIBUTES_LOW = 4;
    private static final int ATTRIBUTES_HIGH = 8;
    private static final int NAME = 12;
    private static final int RESOLUTION = 28;
    private static final int MIN = 32;
    private static final int MAX = 40;
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
        return message.getU32(start + ID);
    }

    public AxisDescriptor id(int id) {
        message.putU32(start + ID, id);
        return this;
    }

    public int attributesLow() {
        return message.getU32(start + ATTRIBUTES_LOW);
    }

    public int attributesHigh() {
        return message.getU32(start + ATTRIBUTES_HIGH);
    }

    /** Writes those of {@link #EXTENDED} and {@link #EXTENDED_NAME} that the version defines, and the type. */
    public AxisDescriptor attributes(int flags, int type, int unitExponent, int version) {
        int defined = ProtocolVersion.isAtLeast(version, SensorVersion.V3_0) ? EXTENDED | EXTENDED_NAME : EXTENDED;
        message.putU32(start + ATTRIBUTES_LOW, flags & defined);
        message.putU32(start + ATTRIBUTES_HIGH, SignedBits.put(unitExponent, UNIT_EXPONENT_SHIFT) | (type & TYPE));
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
        return Names.get(message, start + NAME, Names.SHORT_BYTES);
    }

    /** Writes the name, cut to 15 characters. */
    public AxisDescriptor name(CharSequence name) {
        Names.put(message, start + NAME, Names.SHORT_BYTES, name);
        return this;
    }

    /** See {@link Resolution}; with extended attributes only. */
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
    public AxisDescriptor range(int resolution, long min, long max) {
        message.putU32(start + RESOLUTION, resolution);
        message.putU64(start + MIN, min);
        message.putU64(start + MAX, max);
        return this;
    }
}
