package org.scmid.server.architecture.broken.server.cli;

import java.util.logging.Level;
import org.scmid.server.architecture.broken.server.core.Waits;

/** The command is above all layers, may end the process and may choose where the log goes. */
abstract class Allowed {
    abstract Waits waiting();

    abstract Level level();

    void end() {
        System.exit(0);
    }
}
