// A file that was loaded without knowing which kind it is.
package org.scmid.config;

import org.scmid.config.board.Board;
import org.scmid.config.service.Service;

/** A checked file of either kind. */
public sealed interface ConfigFile {
    /** A board file. */
    record OfBoard(Board board) implements ConfigFile {}

    /** A service file. */
    record OfService(Service service) implements ConfigFile {}
}
