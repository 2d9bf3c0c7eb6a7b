/* What requests of the Voltage protocol begin with: the domain. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.RequestPayload;

/**
 * A request that names a domain and more. Those that name a domain only are {@link
 * org.scmid.protocol.common.ResourceRequest}.
 *
 * <pre>
 * 0  u32  domain id
 * </pre>
 */
public abstract class VoltageRequest<S extends VoltageRequest<S>> extends RequestPayload<S> {
    private static final int DOMAIN = 0;

    VoltageRequest(VoltageMessage command, int minimumLength) {
        super(command, minimumLength);
    }

    /** Domain id, unsigned. */
    public final int domain() {
        return u32(DOMAIN);
    }

    public final S domain(int domain) {
        return putU32(DOMAIN, domain);
    }
}
