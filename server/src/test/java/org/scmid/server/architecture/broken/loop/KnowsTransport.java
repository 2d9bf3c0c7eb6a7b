package org.scmid.server.architecture.broken.loop;

/** The loop is below the transports. */
abstract class KnowsTransport {
    abstract Sleeps sleeper();
}
