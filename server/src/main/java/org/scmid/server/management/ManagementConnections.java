// How many clients of the management API there are at a time, and for how long.
package org.scmid.server.management;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds what clients of the management API can hold: file descriptors that agents need, above all. One client too many
 * is closed at once; so is one that does not ask for anything whole for a while, whether it sends nothing or byte by
 * byte.
 *
 * <p>Used on one event loop only.
 */
final class ManagementConnections {
    /** The most at a time. */
    static final int MOST = 64;

    private final Vertx vertx;
    private final long patienceMillis;
    private final Map<HttpConnection, Long> timers = new HashMap<>();

    /**
     * @param patience how long a client may take for a request's head, for its body, and until the next request; at
     *     least 1 ms
     */
    ManagementConnections(Vertx vertx, Duration patience) {
        this.vertx = vertx;
        this.patienceMillis = patience.toMillis();
    }

    /** Takes a client that has connected, or closes it. */
    void opened(HttpConnection connection) {
        if (timers.size() >= MOST) {
            close(connection);
            return;
        }
        timers.put(connection, timer(connection));
        connection.closeHandler(closed -> {
            Long timer = timers.remove(connection);
            if (timer != null) {
                vertx.cancelTimer(timer);
            }
        });
    }

    /** Gives a client that has come to its next step the whole time again. */
    void heard(HttpConnection connection) {
        Long timer = timers.get(connection);
        if (timer != null) { // else it is gone by now
            vertx.cancelTimer(timer);
            timers.put(connection, timer(connection));
        }
    }

    private long timer(HttpConnection connection) {
        return vertx.setTimer(patienceMillis, over -> close(connection));
    }

    private static void close(HttpConnection connection) {
        connection.close().onFailure(gone -> {
            // that is what was wanted
        });
    }
}
