// A guest that writes anything anywhere into its window, while others are served.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostileWindowTest {
    private static final int SIZE = 64 << 10;
    private static final String AGENTS = """
            agents:
              mmio:
                transport: virtio-mmio
                region: { file: WINDOWS/mmio, size: 64 KiB }
                clocks: [uart]
              fat:
                transport: fat-virtqueue
                region: { file: WINDOWS/fat, size: 64 KiB }
                clocks: [uart]
              good:
                transport: fat-virtqueue
                region: { file: WINDOWS/good, size: 64 KiB }
                clocks: [spi]
            """;

    /** Emulation aside, a reply takes some microseconds; a service that stands still or is starved takes this long. */
    private static final long OUT_OF_BOUNDS_MICROS = 1_000_000;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"mmio", "fat"})
    void theServiceGoesOnForOthersAndForTheWindowAfterAReset(String hostile) throws InterruptedException {
        long seed = new Random().nextLong();
        try (WindowBoard windows = WindowBoard.of(folder, AGENTS);
                Scmid scmid = windows.board.run();
                RingAgent good = RingAgent.fastAt("fat", windows.window("good"))) {
            good.awaitSession();
            try (RingAgent victim = RingAgent.at(hostile, windows.window(hostile))) {
                victim.awaitSession(); // rings that are set up are there to be broken
                var scribbler = new Scribbler(windows.window(hostile), hostile, seed);
                scribbler.start();
                LoadResult load = good.load("300000", 4);
                scribbler.end();
                assertEquals(300_000, load.ok(), () -> "seed " + seed + ": " + load);
                long longest = load.all().getOrDefault("longest-us", Long.MAX_VALUE);
                assertTrue(longest < OUT_OF_BOUNDS_MICROS, () -> "seed " + seed + ": a reply took " + longest + " us");
                assertTrue(scribbler.rounds() > 1000, "it did scribble");
            }
            try (RingAgent healed = RingAgent.at(hostile, windows.window(hostile))) {
                healed.awaitSession();
                LoadResult load = healed.load("5000", 8);
                assertEquals(
                        5000,
                        load.ok(),
                        () -> "seed " + seed + ": " + load + scmid.output().text());
            }
            assertEquals(0, scmid.stop(), () -> scmid.output().text());
        }
    }

    /** Writes words and bytes all over a window, most of them where it hurts. */
    private static final class Scribbler {
        private static final int[] INTERESTING = {0, 1, 2, 3, 0xffff, 0x10000, -1, 0x7fffffff, 0x1000, 0x5000, SIZE};

        private final MappedByteBuffer window;
        private final int controlBlock;
        private final Random random;
        private final Thread thread = Thread.ofPlatform().name("scribbler").unstarted(this::scribble);
        private volatile boolean ended;
        private volatile long rounds;

        Scribbler(Path file, String layout, long seed) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                window = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            window.order(ByteOrder.LITTLE_ENDIAN);
            controlBlock = layout.equals("mmio") ? 0x200 : 0;
            random = new Random(seed);
        }

        void start() {
            thread.start();
        }

        void end() throws InterruptedException {
            ended = true;
            thread.join();
        }

        long rounds() {
            return rounds;
        }

        private void scribble() {
            for (long round = 1; !ended; round++) {
                switch (random.nextInt(6)) {
                    case 0 -> window.putInt(random.nextInt(SIZE / 4) * 4, random.nextInt());
                    case 1 -> window.put(random.nextInt(SIZE), (byte) random.nextInt());
                    case 2 -> window.putInt(controlBlock + 4 * random.nextInt(0x20), value());
                    case 3 -> window.putInt(0x1000 + 4 * random.nextInt(0x1800), value());
                    case 4 -> beginSession();
                    default -> writeRegister();
                }
                rounds = round;
            }
        }

        private int value() {
            return INTERESTING[random.nextInt(INTERESTING.length)];
        }

        /** A new session now and then, so that there is one to break. */
        private void beginSession() {
            window.putInt(controlBlock + 0x44, 0);
            window.putInt(controlBlock + 0x40, random.nextInt());
            for (int i = 0; i < 100 && window.getInt(controlBlock + 0x1c) != window.getInt(controlBlock + 0x40); i++) {
                Thread.onSpinWait();
            }
            window.putInt(controlBlock + 0x44, window.getInt(controlBlock + 0x0c));
        }

        private void writeRegister() {
            window.putInt(controlBlock + 0x48, 4 * random.nextInt(0x40));
            window.putInt(controlBlock + 0x4c, random.nextBoolean() ? value() : random.nextInt());
            window.putInt(controlBlock + 0x50, window.getInt(controlBlock + 0x10) + 1);
        }
    }
}
