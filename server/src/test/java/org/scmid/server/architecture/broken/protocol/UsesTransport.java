package org.scmid.server.architecture.broken.protocol;

import org.scmid.server.architecture.broken.transport.Sleeps;

/** The protocol may use no other module. */
abstract class UsesTransport {
    abstract Sleeps sleeper();
}
