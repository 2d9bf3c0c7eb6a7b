package org.scmid.server.architecture.broken.loop;

import org.scmid.server.architecture.broken.transport.Sleeps;

/** The loop is below the transports. */
abstract class KnowsTransport {
    abstract Sleeps sleeper();
}
