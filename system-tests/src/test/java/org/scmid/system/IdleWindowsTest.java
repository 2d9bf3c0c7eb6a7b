// What polled windows cost while nothing happens.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdleWindowsTest {
    private static final int WINDOWS = 10;
    private static final int MAGIC = 0;
    /** Heals of a scribbled word, one a second at most: what the test measures its time by. */
    private static final int SECONDS = 8;

    /** The JVM may still compile what the load has made hot: what polling costs, it costs in each round. */
    private static final int ROUNDS = 4;

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
            var shares = new ArrayList<Double>();
            while (shares.size() < ROUNDS && shares.stream().noneMatch(share -> share < 0.01)) {
                shares.add(share(scmid, window));
            }
            assertTrue(shares.getLast() < 0.01, () -> "the share of a core, in several rounds: " + shares);
        }
    }

    /** The share of a core that the service takes for some seconds. */
    private static double share(Scmid scmid, RandomAccessFile window) throws IOException {
        long cpuBefore = cpuNanos(scmid.pid());
        long begin = System.nanoTime();
        for (int i = 0; i < SECONDS; i++) {
            heal(window);
        }
        long wall = System.nanoTime() - begin;
        return (double) (cpuNanos(scmid.pid()) - cpuBefore) / wall;
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

    /** The processor time of a process, all of its threads. */
    private static long cpuNanos(long pid) {
        try (var threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            long nanos = 0;
            for (Path thread : (Iterable<Path>) threads::iterator) {
                // Its first number: nanoseconds on a processor.
                nanos += Long.parseLong(
                        Files.readString(thread.resolve("schedstat")).split(" ", 2)[0]);
            }
            return nanos;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
