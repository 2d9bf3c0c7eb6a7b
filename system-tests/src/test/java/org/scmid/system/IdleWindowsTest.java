// What polled windows cost while nothing happens.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdleWindowsTest {
    private static final int WINDOWS = 10;
    private static final int MAGIC = 0;
    /** Heals of a scribbled word, one a second at most: what the test measures its time by. */
    private static final int SECONDS = 8;

    /** The JVM may still compile what the load has made hot: what polling costs, it costs in each round. */
    private static final int ROUNDS = 4;

    /** The service's, with windows that nobody rings for. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(10);

    private static final int WAKE_UPS_WORTH = 10;

    @TempDir
    private Path folder;

    @Test
    void tenPolledWindowsCostLessThanAHundredthOfACore() throws IOException {
        var agents = new StringBuilder("agents:\n");
        for (int i = 0; i < WINDOWS; i++) {
            agents.append("""
                      w%1$d:
                        transport: fat-virtqueue
                        region: { file: WINDOWS/w%1$d, size: 64 KiB }
                        clocks: all
                    """.formatted(i));
        }
        try (WindowBoard windows = WindowBoard.of(folder, agents.toString());
                Scmid scmid = windows.board.run();
                RandomAccessFile window =
                        new RandomAccessFile(windows.window("w0").toFile(), "rw")) {
            for (int i = 0; i < WINDOWS; i++) {
                try (RingAgent agent = RingAgent.fastAt("fat", windows.window("w" + i))) {
                    agent.awaitSession();
                    assertEquals(5000, agent.load("5000", 8).ok(), "windows that were in use");
                }
            }
            heal(window); // the start is over
            var rounds = new ArrayList<Round>();
            while (rounds.size() < ROUNDS && rounds.stream().noneMatch(Round::isLittle)) {
                rounds.add(round(scmid, window));
            }
            assertTrue(rounds.getLast().isLittle(), () -> "shares of a core: " + rounds);
        }
    }

    /**
     * What some seconds cost, as shares of a core.
     *
     * @param loop the service's loop
     * @param sleeper a thread that wakes as often as the loop may, and does nothing: what a wake-up costs on this
     *     machine, now
     */
    private record Round(double loop, double sleeper) {
        /** A hundredth of a core; where waking up alone costs a good part of that, some such wake-ups. */
        boolean isLittle() {
            return loop < 0.01 || loop < WAKE_UPS_WORTH * sleeper;
        }
    }

    private static Round round(Scmid scmid, RandomAccessFile window) throws IOException {
        try (var sleeper = new Sleeper()) {
            long loopBefore = cpuNanos(scmid.pid(), "scmid-loop");
            long sleeperBefore = sleeper.cpuNanos();
            long begin = System.nanoTime();
            for (int i = 0; i < SECONDS; i++) {
                heal(window);
            }
            double wall = System.nanoTime() - begin;
            return new Round(
                    (cpuNanos(scmid.pid(), "scmid-loop") - loopBefore) / wall,
                    (sleeper.cpuNanos() - sleeperBefore) / wall);
        }
    }

    /** Wakes every {@link #LONGEST_PAUSE} and does nothing. */
    private static final class Sleeper implements AutoCloseable {
        private static final String NAME = "test-sleeper";
        private volatile boolean ends;
        private final Thread thread = Thread.ofPlatform().name(NAME).start(this::run);

        private void run() {
            while (!ends) {
                LockSupport.parkNanos(LONGEST_PAUSE.toNanos());
            }
        }

        long cpuNanos() {
            return IdleWindowsTest.cpuNanos(ProcessHandle.current().pid(), NAME);
        }

        @Override
        public void close() {
            ends = true;
            LockSupport.unpark(thread);
        }
    }

    /** Scribbles over the magic and waits until the service has written it again, as it does once a second. */
    private static void heal(RandomAccessFile window) throws IOException {
        window.seek(MAGIC);
        int magic = window.readInt();
        window.seek(MAGIC);
        window.writeInt(0);
        Deadline.await("the magic is back", () -> {
            try {
                window.seek(MAGIC);
                return window.readInt() == magic;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The processor time of a thread, in nanoseconds. */
    private static long cpuNanos(long pid, String name) {
        try (var threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                if (Files.readString(thread.resolve("comm")).strip().equals(name)) {
                    // Its first number: nanoseconds on a processor.
                    return Long.parseLong(
                            Files.readString(thread.resolve("schedstat")).split(" ", 2)[0]);
                }
            }
            throw new AssertionError("process " + pid + " has no thread " + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
