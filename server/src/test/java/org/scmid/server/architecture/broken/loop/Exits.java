package org.scmid.server.architecture.broken.loop;

/** Ends the process in two ways. */
final class Exits {
    void end() {
        System.exit(1);
    }

    void halt() {
        Runtime.getRuntime().halt(1);
    }
}
