// How many clients of the management API there are at a time, and for how long.
package org.scmid.server.management;

import com.sun.management.UnixOperatingSystemMXBean;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what clients of the management API can hold: file descriptors that agents need, above all. A client that does
 * not ask for anything whole for a while is closed, whether it sends nothing or byte by byte; so is one that does not take
 * its answer. One client too many takes the place of the one that has kept us waiting longest; it is closed at once if all
 * the others wait for us.
 *
 * <p>Used on one event loop only.
 */
final class ManagementConnections {
    /** The most at a time, if there are descriptors for them. */
    static final int MOST = 64;

    /** The least at a time, however few descriptors there are: whoever looks after the service must get in. */
    static final int LEAST = 2;

    /** Listening and connected socket, kick, call and error of each ring, regions of memory, doorbells, state. */
    private static final int DESCRIPTORS_OF_AGENT = 16;

    private static final class Client {
        long timer;

        /** What it has asked for last, until that is answered. */
        @Nullable
        HttpServerRequest asked;

        /** Whether it waits for us, and not we for it to send or to read. */
        boolean waits() {
            HttpServerRequest request = asked;
            return request != null && request.isEnded() && !request.response().ended();
        }
    }

    private final Vertx vertx;
    private final long patienceMillis;
    private final int most;

    /** The one that was heard of last is the last one. */
    private final Map<HttpConnection, Client> clients = new LinkedHashMap<>();

    /**
     * @param most how many there may be at a time
     * @param patience how long a client may take for a request's head, for its body, for reading the answer, and until
     *     the next request; at least 1 ms
     */
    ManagementConnections(Vertx vertx, int most, Duration patience) {
        this.vertx = vertx;
        this.most = most;
        this.patienceMillis = patience.toMillis();
    }

    /** How many there may be at a time, so that these agents find the descriptors that they need. */
    static int mostBeside(int agents) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean process
                ? mostBeside(agents, process.getMaxFileDescriptorCount(), process.getOpenFileDescriptorCount())
                : MOST;
    }

    /**
     * As {@link #mostBeside(int)}: half of what is left, since one that is closed at once takes a descriptor too.
     *
     * @param limit how many descriptors this process may have (RLIMIT_NOFILE)
     * @param open how many it has
     */
    static int mostBeside(int agents, long limit, long open) {
        long left = limit - open - (long) agents * DESCRIPTORS_OF_AGENT;
        return Math.clamp(left / 2, LEAST, MOST);
    }

    /** Takes a client that has connected, or closes it. */
    void opened(HttpConnection connection) {
        if (clients.size() >= most && !makeRoom()) {
            close(connection);
            return;
        }
        Client client = new Client();
        client.timer = timer(connection);
        clients.put(connection, client);
        connection.closeHandler(closed -> forget(connection));
    }

    private boolean makeRoom() {
        for (Map.Entry<HttpConnection, Client> each : clients.entrySet()) {
            if (!each.getValue().waits()) {
                HttpConnection slowest = each.getKey();
                forget(slowest);
                close(slowest);
                return true;
            }
        }
        return false;
    }

    private void forget(HttpConnection connection) {
        Client client = clients.remove(connection);
        if (client != null) {
            vertx.cancelTimer(client.timer);
        }
    }

    /** A client has sent the head of a request: it has the whole time again. */
    void asked(HttpConnection connection, HttpServerRequest request) {
        goneOn(connection, request);
    }

    /** A client is answered, but for what it has to read yet: it has the whole time again. */
    void answered(HttpConnection connection) {
        goneOn(connection, null);
    }

    private void goneOn(HttpConnection connection, @Nullable HttpServerRequest asked) {
        Client client = clients.remove(connection);
        if (client != null) { // else it is gone by now
            vertx.cancelTimer(client.timer);
            client.timer = timer(connection);
            client.asked = asked;
            clients.put(connection, client);
        }
    }

    private long timer(HttpConnection connection) {
        return vertx.setTimer(patienceMillis, over -> close(connection));
    }

    /**
     * Closes it now. {@link HttpConnection#close} would first wait until all that was written is sent, and a client that
     * does not read would never let it be.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // however it ends, the client is gone
    private static void close(HttpConnection connection) {
        if (connection instanceof HttpServerConnection its) {
            its.channelHandlerContext().close();
        } else {
            connection.close();
        }
    }
}
