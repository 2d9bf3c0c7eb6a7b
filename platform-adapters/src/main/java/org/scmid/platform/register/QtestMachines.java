// The QEMUs whose registers a board uses.
package org.scmid.platform.register;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.scmid.config.register.Access;
import org.scmid.config.register.WindowSpec;

/** The QEMUs whose registers a board uses: the windows of one socket share its connection. */
final class QtestMachines {
    private final Map<Path, QtestConnection> connections = new HashMap<>();

    /**
     * A window of a machine's registers; connects to the machine if no window has before.
     *
     * @param spec the window; {@code at} is the address in the machine
     * @param access where QEMU is; of several windows the longest time-out counts
     * @throws WindowException if QEMU cannot be reached; the message says why and what helps
     */
    RegisterWindow open(WindowSpec spec, Access.Qtest access) throws WindowException {
        Path key = access.socket().toAbsolutePath().normalize();
        int timeoutMillis = (int) access.timeout().toMillis();
        QtestConnection connection = connections.get(key);
        if (connection == null || !connection.isUsed()) {
            connection = QtestConnection.open(spec.name(), access.socket(), timeoutMillis, System::nanoTime);
            connections.put(key, connection);
        }
        connection.allow(timeoutMillis);
        return new QtestWindow(spec, connection);
    }
}
