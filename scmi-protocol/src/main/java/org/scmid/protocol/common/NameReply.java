/* The response that every protocol's *_NAME_GET has. */
package org.scmid.protocol.common;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Name;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** The response of CLOCK_NAME_GET and its like in the other protocols: an extended name. */
public final class NameReply extends ReplyPayload<NameReply> {
    private static final Layout LAYOUT = CommonLayouts.NAME;
    private static final U32 FLAGS = LAYOUT.u32("flags");
    private static final Name NAME = LAYOUT.name("name");

    public NameReply() {
        super(LAYOUT);
    }

    public String name() {
        return get(NAME);
    }

    /** Writes the flags, which are reserved, and the name, cut to 63 characters. */
    public NameReply name(CharSequence name) {
        return put(FLAGS, 0).put(NAME, name);
    }
}
