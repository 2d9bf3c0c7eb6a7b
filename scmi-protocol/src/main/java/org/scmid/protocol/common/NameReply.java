/* The response that every protocol's *_NAME_GET has. */
package org.scmid.protocol.common;

import org.scmid.protocol.Names;
import org.scmid.protocol.ReplyPayload;

/**
 * The response of CLOCK_NAME_GET and its like in the other protocols: an extended name.
 *
 * <pre>
 * 0  u32     flags, reserved, 0
 * 4  u8[64]  name, see {@link Names}
 * </pre>
 */
public final class NameReply extends ReplyPayload<NameReply> {
    public static final int LENGTH = 68;
    private static final int FLAGS = 0;
    private static final int NAME = 4;

    public NameReply() {
        super(LENGTH);
    }

    public String name() {
        return name(NAME, Names.EXTENDED_BYTES);
    }

    /** Writes flags and name, cut to 63 characters. */
    public NameReply name(CharSequence name) {
        return putU32(FLAGS, 0).putName(NAME, Names.EXTENDED_BYTES, name);
    }
}
