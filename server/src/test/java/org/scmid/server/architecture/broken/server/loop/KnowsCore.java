package org.scmid.server.architecture.broken.server.loop;

import org.scmid.server.architecture.broken.server.core.Waits;

/** The loop is below the core. */
abstract class KnowsCore {
    abstract Waits waiting();
}
