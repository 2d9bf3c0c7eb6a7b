/* The response that describes what a resource can be set to: a list of values, or a range. */
package org.scmid.protocol.common;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Items;
import org.scmid.protocol.ReplyPayload;

/**
 * The response of CLOCK_DESCRIBE_RATES and its like in the other protocols.
 *
 * <pre>
 * the word before the values
 *   11:0   values in this message
 *   12     0 list, ascending; 1 range: lowest, highest, step
 *   15:13  reserved
 *   31:16  values that remain after this message
 * </pre>
 *
 * @param <S> the subclass, which knows what a value is
 */
public abstract class ListOrRangeReply<S extends ListOrRangeReply<S>> extends ReplyPayload<S> {
    /** Most values in one message. */
    public static final int MAX_RETURNED = 0xFFF;

    /** Most values that can remain after a message. */
    public static final int MAX_REMAINING = 0xFFFF;

    /** Values of a range. */
    public static final int RANGE_VALUES = 3;

    private static final int FORMAT_RANGE = 1 << 12;
    private static final int REMAINING_SHIFT = 16;

    private final Items values;

    /**
     * @param layout what the message's row says of it
     * @param values the list in it
     */
    protected ListOrRangeReply(Layout layout, Items values) {
        super(layout);
        this.values = values;
    }

    /** Values in this message, 0..4095. */
    public final int returned() {
        return get(values.count()) & MAX_RETURNED;
    }

    /** Values that remain after this message, 0..65535. */
    public final int remaining() {
        return get(values.count()) >>> REMAINING_SHIFT;
    }

    /** Whether the values are lowest, highest and step. */
    public final boolean isRange() {
        return (get(values.count()) & FORMAT_RANGE) != 0;
    }

    /** Announces {@code returned} values of a list, 0..4095, which are to be written then. */
    public final S list(int returned, int remaining) {
        return put(
                values.count(),
                checkCount("number of values", returned, MAX_RETURNED)
                        | checkCount("number of remaining values", remaining, MAX_REMAINING) << REMAINING_SHIFT);
    }

    /** Announces the three values of a range, which are to be written then. */
    protected final S announceRange() {
        return put(values.count(), RANGE_VALUES | FORMAT_RANGE);
    }

    @Override
    public boolean isComplete() {
        return super.isComplete() && length() >= values.at(returned());
    }

    @Override
    public int messageLength() {
        return withStart(values.at(returned()));
    }
}
