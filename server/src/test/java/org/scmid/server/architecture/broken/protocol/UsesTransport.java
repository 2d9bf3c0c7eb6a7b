package org.scmid.server.architecture.broken.protocol;

/** The protocol may use no other module. */
abstract class UsesTransport {
    abstract Sleeps sleeper();
}
