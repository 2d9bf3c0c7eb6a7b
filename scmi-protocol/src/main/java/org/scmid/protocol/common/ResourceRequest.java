/* The request that names one resource and nothing else. */
package org.scmid.protocol.common;

import org.scmid.protocol.Message;
import org.scmid.protocol.ResourceRequestPayload;

/** The request of every command that names one resource and nothing else, such as POWER_STATE_GET. */
public final class ResourceRequest extends ResourceRequestPayload<ResourceRequest> {
    /** @param command the command that this is the request of */
    public ResourceRequest(Message command) {
        super(command);
    }
}
