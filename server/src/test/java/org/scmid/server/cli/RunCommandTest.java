// scmid run, where it ends by itself.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixSocket;
import org.scmid.testing.BrokenLog;

@Timeout(120)
class RunCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** Throws for what is logged about an agent, on the loop's thread, so that a callback of the loop fails. */
    private static final class FailingCallback extends Handler implements AutoCloseable {
        private static final Logger AGENTS = Logger.getLogger("org.scmid.transport");

        FailingCallback() {
            AGENTS.addHandler(this);
        }

        @Override
        public void publish(LogRecord logged) {
            if (new SimpleFormatter().formatMessage(logged).contains("VMM connected")) {
                throw new IllegalStateException("a callback that fails");
            }
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        @Override
        public void close() {
            AGENTS.removeHandler(this);
        }
    }

    /** As soon as somebody listens. */
    private static UnixSocket connect(Path socket, CompletableFuture<Invocation> run) throws LinuxException {
        while (true) {
            try {
                return UnixSocket.connect(socket);
            } catch (LinuxException e) {
                if (run.isDone()) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Test
    @SuppressWarnings("try") // what is opened only has to be there
    void aServiceThatEndsByAFaultEndsTheCommand() throws Exception {
        Path socket = folder.resolve("linux.sock");
        Path file = Files.writeString(folder.resolve("service.yaml"), """
                board: demo
                agents: { linux: { transport: vhost-user, socket: linux.sock } }
                management: { listen: none }
                """);
        try (BrokenLog log = new BrokenLog(new AssertionError("the log cannot be written"));
                FailingCallback failing = new FailingCallback()) {
            CompletableFuture<Invocation> run = CompletableFuture.supplyAsync(
                    () -> Invocation.of("run", file, "--simulate", "--runtime-dir", folder));
            try (UnixSocket vmm = connect(socket, run)) {
                Invocation ended = run.get(60, TimeUnit.SECONDS);
                assertEquals(1, ended.status());
                assertTrue(ended.output().endsWith("scmid is serving; Ctrl-C ends it\n"), ended.output());
                assertEquals(
                        "scmid: the service has ended, by a fault of its own: java.lang.AssertionError: the log cannot be"
                                + " written; the log has more of it\n",
                        ended.errors());
            }
        }
    }
}
