// The resources of other platforms that trees need.
package org.scmid.platform.remote;

import org.scmid.config.upstream.Origin;

/** The resources of other platforms that trees need; each is asked for once, before the loop starts. */
public interface RemoteResources {
    /** A clock. */
    RemoteClock clock(Origin origin);

    /** A sensor. */
    RemoteSensor sensor(Origin origin);
}
