package org.scmid.server.architecture.broken.server.loop;

import java.util.logging.Level;

/** Knows where the log goes. */
abstract class LogsByItself {
    abstract Level level();
}
