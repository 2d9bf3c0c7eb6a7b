// The QEMUs whose registers a board uses.
package org.scmid.platform.register;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.scmid.config.WindowSpec;

/** The QEMUs whose registers a board uses: the windows of one socket share its connection. */
final class QtestMachines {
    private final Map<Path, QtestConnection> connections = new HashMap<>();

    /**
     * A window of a machine's registers; connects to the machine if no window has before.
     *
     * @param spec the window; {@code at} is the address in the machine
     * @throws WindowException if QEMU cannot be reached; the message says why and what helps
     */
    RegisterWindow open(WindowSpec spec, Path socket) throws WindowException {
        Path key = socket.toAbsolutePath().normalize();
        QtestConnection connection = connections.get(key);
        if (connection == null || !connection.isUsed()) {
            connection = QtestConnection.open(spec.name(), socket);
            connections.put(key, connection);
        }
        return new QtestWindow(spec, connection);
    }
}
