/* The response that describes what a resource can be set to: a list of values, or a range. */
package org.scmid.protocol.common;

import org.scmid.protocol.Header;
import org.scmid.protocol.ReplyPayload;

/**
 * The response of CLOCK_DESCRIBE_RATES and its like in the other protocols.
 *
 * <pre>
 * 0  u32  flags
 *           11:0   values in this message
 *           12     0 list, ascending; 1 range: lowest, highest, step
 *           15:13  reserved
 *           31:16  values that remain after this message
 * 4  []   values, all of one size
 * </pre>
 *
 * @param <S> the subclass, which knows what a value is
 */
public abstract class ListOrRangeReply<S extends ListOrRangeReply<S>> extends ReplyPayload<S> {
    /** Bytes without values. */
    public static final int MINIMUM_LENGTH = 4;

    /** Most values in one message. */
    public static final int MAX_RETURNED = 0xFFF;

    /** Most values that can remain after a message. */
    public static final int MAX_REMAINING = 0xFFFF;

    /** Values of a range. */
    public static final int RANGE_VALUES = 3;

    private static final int FLAGS = 0;
    private static final int VALUES = 4;
    private static final int FORMAT_RANGE = 1 << 12;
    private static final int REMAINING_SHIFT = 16;

    private final int valueBytes;

    /** @param valueBytes bytes of one value */
    protected ListOrRangeReply(int valueBytes) {
        super(MINIMUM_LENGTH);
        this.valueBytes = valueBytes;
    }

    /** How many values of a size fit into a message of {@code messageBytes}. */
    protected static int capacity(int messageBytes, int valueBytes) {
        return Math.clamp((messageBytes - Header.RESPONSE_PAYLOAD - VALUES) / valueBytes, 0, MAX_RETURNED);
    }

    /** Values in this message, 0..4095. */
    public final int returned() {
        return u32(FLAGS) & MAX_RETURNED;
    }

    /** Values that remain after this message, 0..65535. */
    public final int remaining() {
        return u32(FLAGS) >>> REMAINING_SHIFT;
    }

    /** Whether the values are lowest, highest and step. */
    public final boolean isRange() {
        return (u32(FLAGS) & FORMAT_RANGE) != 0;
    }

    /** Announces {@code returned} values of a list, 0..4095, which are to be written then. */
    public final S list(int returned, int remaining) {
        return putU32(
                FLAGS,
                checkCount("number of values", returned, MAX_RETURNED)
                        | checkCount("number of remaining values", remaining, MAX_REMAINING) << REMAINING_SHIFT);
    }

    /** Announces the three values of a range, which are to be written then. */
    protected final S announceRange() {
        return putU32(FLAGS, RANGE_VALUES | FORMAT_RANGE);
    }

    /** Where in the payload a value is. */
    protected final int at(int index) {
        return VALUES + index * valueBytes;
    }

    @Override
    public boolean isComplete() {
        return super.isComplete() && length() >= at(returned());
    }

    @Override
    public int messageLength() {
        return withStart(at(returned()));
    }
}
