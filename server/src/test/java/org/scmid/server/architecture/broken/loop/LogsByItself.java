package org.scmid.server.architecture.broken.loop;

import java.util.logging.Level;

/** Knows where the log goes. */
abstract class LogsByItself {
    abstract Level level();
}
