/* What the lists of a sensor's axes have in common: the word that counts. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Header;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/**
 * A list of a sensor's axes.
 *
 * <pre>
 * num_axis_flags
 *   5:0    axes in this message
 *   25:6   reserved
 *   31:26  axes that remain after this message
 * </pre>
 */
public abstract class AxisReply<S extends AxisReply<S>> extends ReplyPayload<S> {
    private static final Layout LAYOUT = SensorMessage.SENSOR_AXIS_DESCRIPTION_GET.fromPlatform();
    private static final U32 FLAGS = LAYOUT.u32("num_axis_flags");

    /** Where in a message the first axis begins. */
    public static final int AXES = Header.RESPONSE_PAYLOAD + LAYOUT.rest("descriptors");

    public static final int MAX_AXES = 0x3F;
    private static final int REMAINING_SHIFT = 26;

    /** @param layout what the message's row says of it; it begins with num_axis_flags */
    AxisReply(Layout layout) {
        super(layout);
    }

    /** Axes in this message, 0..63. */
    public final int returned() {
        return get(FLAGS) & MAX_AXES;
    }

    /** Axes that remain after this message, 0..63. */
    public final int remaining() {
        return get(FLAGS) >>> REMAINING_SHIFT;
    }

    /** Announces axes, each 0..63. */
    public final S counts(int returned, int remaining) {
        return put(
                FLAGS,
                checkCount("number of axes", returned, MAX_AXES)
                        | checkCount("number of remaining axes", remaining, MAX_AXES) << REMAINING_SHIFT);
    }
}
