/* What the lists of a sensor's axes have in common: the word that counts. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Header;
import org.scmid.protocol.ReplyPayload;

/**
 * A list of a sensor's axes.
 *
 * <pre>
 * 0  u32  num_axis_flags
 *           5:0    axes in this message
 *           25:6   reserved
 *           31:26  axes that remain after this message
 * 4       what is listed
 * </pre>
 */
public abstract class AxisReply<S extends AxisReply<S>> extends ReplyPayload<S> {
    /** Bytes without axes. */
    public static final int MINIMUM_LENGTH = 4;

    /** Where in a message the first axis begins. */
    public static final int AXES = Header.RESPONSE_PAYLOAD + MINIMUM_LENGTH;

    public static final int MAX_AXES = 0x3F;
    private static final int FLAGS = 0;
    private static final int REMAINING_SHIFT = 26;

    AxisReply() {
        super(MINIMUM_LENGTH);
    }

    /** Axes in this message, 0..63. */
    public final int returned() {
        return u32(FLAGS) & MAX_AXES;
    }

    /** Axes that remain after this message, 0..63. */
    public final int remaining() {
        return u32(FLAGS) >>> REMAINING_SHIFT;
    }

    /** Announces axes, each 0..63. */
    public final S counts(int returned, int remaining) {
        return putU32(
                FLAGS,
                checkCount("number of axes", returned, MAX_AXES)
                        | checkCount("number of remaining axes", remaining, MAX_AXES) << REMAINING_SHIFT);
    }
}
