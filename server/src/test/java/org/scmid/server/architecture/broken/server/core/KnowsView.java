package org.scmid.server.architecture.broken.server.core;

/** The core is below the pictures of it. */
abstract class KnowsView {
    abstract Picture picture();
}
