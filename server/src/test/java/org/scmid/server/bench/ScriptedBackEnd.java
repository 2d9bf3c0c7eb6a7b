// A back end that does what a test wants, on a thread of its own.
package org.scmid.server.bench;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixListener;
import org.scmid.linux.UnixSocket;

/** Listens, takes one connection, and plays a script on it. */
public final class ScriptedBackEnd implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    /** What is done with a connection. */
    public interface Script {
        /** Ends at the latest when the front end has closed the connection. */
        void play(UnixSocket socket) throws Exception;
    }

    private final Thread thread;
    private volatile @Nullable Throwable failure;

    /** Listens on a socket. */
    public ScriptedBackEnd(Path path, Script script) throws LinuxException {
        UnixListener listener = UnixListener.bind(path, 0600, -1);
        thread = new Thread(() -> play(listener, script), "scripted back end");
        thread.start();
    }

    private void play(UnixListener listener, Script script) {
        try (listener;
                Epoll epoll = Epoll.create(1)) {
            epoll.add(listener.fd(), Epoll.IN, 0);
            epoll.await(PATIENCE_MILLIS);
            try (UnixSocket socket = listener.accept()) {
                script.play(Objects.requireNonNull(socket, "nobody connected"));
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    /** Waits, without a word, until the front end has gone; what it sends is thrown away. */
    public static void stayUntilItGoes(UnixSocket socket) throws LinuxException {
        byte[] thrownAway = new byte[4096];
        while (socket.awaitInput(PATIENCE_MILLIS) && socket.receive(thrownAway, 0, thrownAway.length, null) != 0) {
            // more came
        }
    }

    /** Waits until the script has ended; an exception in it comes up here. */
    @Override
    public void close() {
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Throwable thrown = failure;
        if (thread.isAlive() || thrown != null) {
            throw new IllegalStateException("the scripted back end does not end", thrown);
        }
    }
}
