// A program that runs in the arm64 host: accesses registers and device memory until the JVM has compiled that, and
// beyond.
package org.scmid.system;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.linux.Fd;
import org.scmid.linux.Mapping;
import org.scmid.linux.NativeFile;
import org.scmid.linux.OpenMode;
import org.scmid.platform.register.RegisterWindow;
import org.scmid.platform.register.WindowException;
import org.scmid.platform.register.Windows;

/**
 * Does what its arguments say, in their order, and prints a line for each:
 *
 * <ul>
 *   <li>{@code open BOARD}: opens a board's register windows, and prints why that fails
 *   <li>{@code device BOARD OFFSET TIMES}: writes the register at an offset of the window {@code device} so often, and
 *       reads it back as often
 *   <li>{@code memory BOARD,BOARD TIMES}: the same anywhere in the windows {@code memory} of these boards, in turn
 *   <li>{@code copy FILE TIMES}: copies bytes into a device's memory and back, of any length and alignment
 *   <li>{@code plain FILE TIMES}: the same, but as if it were any memory
 * </ul>
 */
final class RegisterProbe {
    private static final int COPY_BYTES = 8 << 10;
    private static final int LONGEST = 300;

    private RegisterProbe() {}

    /** Runs it. */
    public static void main(String[] arguments) throws ConfigException, IOException {
        for (int i = 0; i < arguments.length; ) {
            String what = arguments[i];
            String file = arguments[i + 1];
            switch (what) {
                case "open" -> {
                    System.out.println("open " + file + ": " + refusal(Path.of(file)));
                    i += 2;
                }
                case "device" -> {
                    drive(Path.of(file), Long.decode(arguments[i + 2]), Integer.parseInt(arguments[i + 3]));
                    i += 4;
                }
                case "memory" -> {
                    fill(file.split(",", -1), Integer.parseInt(arguments[i + 2]));
                    i += 3;
                }
                case "copy", "plain" -> {
                    System.out.println(
                            what + ": " + copy(Path.of(file), what.equals("copy"), Integer.parseInt(arguments[i + 2])));
                    i += 3;
                }
                default -> throw new IllegalArgumentException(what);
            }
        }
    }

    private static String refusal(Path board) throws ConfigException {
        try (Windows windows = Windows.open(ConfigFiles.board(board), false)) {
            windows.window("device");
            return "opened";
        } catch (WindowException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void drive(Path file, long offset, int times) throws ConfigException, WindowException {
        Board board = ConfigFiles.board(file);
        try (Windows windows = Windows.open(board, false)) {
            RegisterWindow window = windows.window("device");
            for (int i = 0; i < times; i++) {
                window.write(offset, i & 0xff);
                check(window.read(offset), i & 0xff, offset);
            }
            System.out.println("device of " + window.width() + " bits: " + times + " writes and reads");
        }
    }

    private static void fill(String[] boards, int times) throws ConfigException, WindowException {
        var memories = new ArrayList<Memory>();
        for (String board : boards) {
            memories.add(new Memory(Windows.open(ConfigFiles.board(Path.of(board)), false)));
        }
        for (int i = 0; i < times; i++) {
            for (Memory memory : memories) {
                memory.writeAndRead();
            }
        }
        memories.forEach(Memory::close);
        System.out.println("memory: " + times + " writes and reads each");
    }

    /** A window of memory, and what must be in it. */
    private static final class Memory {
        private final Windows windows;
        private final RegisterWindow window;
        private final int bytes;
        private final long mask;
        private final long[] model;
        private final SplittableRandom random;

        Memory(Windows windows) {
            this.windows = windows;
            window = windows.window("memory");
            bytes = window.width() / 8;
            mask = -1L >>> (64 - window.width());
            model = new long[(int) (window.size() / bytes)];
            random = new SplittableRandom(window.width());
            for (int i = 0; i < model.length; i++) {
                window.write((long) i * bytes, 0);
            }
        }

        void writeAndRead() {
            int written = random.nextInt(model.length);
            int read = random.nextInt(model.length);
            model[written] = random.nextLong() & mask;
            window.write((long) written * bytes, model[written]);
            check(window.read((long) read * bytes), model[read], (long) read * bytes);
        }

        void close() {
            windows.close();
        }
    }

    private static void check(long read, long expected, long offset) {
        if (read != expected) {
            throw new AssertionError(
                    "0x" + Long.toHexString(read) + " and not 0x" + Long.toHexString(expected) + " at " + offset);
        }
    }

    private static String copy(Path file, boolean asDevice, int times) throws IOException {
        var random = new Random(1);
        byte[] model = new byte[COPY_BYTES];
        byte[] array = new byte[LONGEST + 8];
        try (Fd fd = NativeFile.open(file, OpenMode.READ_WRITE, false, false);
                Mapping memory =
                        asDevice ? Mapping.mapDevice(fd, 0, COPY_BYTES) : Mapping.map(fd, 0, COPY_BYTES, true)) {
            memory.write(0, model, 0, COPY_BYTES);
            for (int i = 0; i < times; i++) {
                int length = random.nextInt(LONGEST);
                int at = random.nextInt(COPY_BYTES - length);
                int offset = random.nextInt(8);
                random.nextBytes(array);
                System.arraycopy(array, offset, model, at, length);
                memory.write(at, array, offset, length);
                int from = random.nextInt(COPY_BYTES - length);
                memory.read(from, array, 7 - offset, length);
                if (!Arrays.equals(array, 7 - offset, 7 - offset + length, model, from, from + length)) {
                    throw new AssertionError(length + " bytes at " + from + ", copy " + i);
                }
                Mapping.raiseFault();
            }
            return times + " copies each way";
        } catch (InternalError e) {
            return "a fault";
        }
    }
}
