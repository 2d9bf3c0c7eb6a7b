/* The request that names one resource and nothing else. */
package org.scmid.protocol.common;

import org.scmid.protocol.Message;
import org.scmid.protocol.RequestPayload;

/**
 * The request of every command that names one resource and nothing else, such as POWER_STATE_GET.
 *
 * <pre>
 * 0  u32  resource id
 * </pre>
 */
public final class ResourceRequest extends RequestPayload<ResourceRequest> {
    public static final int LENGTH = 4;
    private static final int RESOURCE = 0;

    /** @param command the command that this is the request of */
    public ResourceRequest(Message command) {
        super(command, LENGTH);
    }

    /** Unsigned. */
    public int resource() {
        return u32(RESOURCE);
    }

    public ResourceRequest resource(int id) {
        return putU32(RESOURCE, id);
    }
}
