// The co-processor VM that owns a clock unit, looked at from outside.
package org.scmid.system;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;

/** QEMU with the program of guests/coprocessor. Its window and its registers are files in memory. */
final class Coprocessor implements AutoCloseable {
    static final int STARTS = 0x004;
    static final int OSCILLATORS = 0x010;
    static final int PLL = 0x018;
    static final int GATES = 0x020;
    static final int POWER_STATUS = 0x084;
    static final int RESET_PULSES = 0x0a4;
    static final int TEMPERATURE = 0x0c0;
    static final int SUPPLY_CONTROL = 0x0d0;
    static final int SUPPLY_LEVEL = 0x0d4;

    /** All switches of the clocks in the register {@link #GATES}. */
    static final int ALL_GATES = 0x1fff;

    static final int PLL_ON = 1 << 31;

    /** What the clock registers mean, as the board file of the unit has it. */
    static final Board UNIT = unit();

    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long UNIT_AT = 0x1000_0000L;
    private static final int CLOCK_REGISTERS = 0x80;

    private final Path folder;
    private final List<String> command;
    private @Nullable Console console;
    private @Nullable Qmp qmp;

    private Coprocessor(String layout) throws IOException {
        folder = Files.createTempDirectory(MEMORY, "scmid-coprocessor-");
        command = BareMetalGuest.machine(
                Programs.coprocessor(),
                List.of(
                        "-append",
                        layout,
                        "-qmp",
                        "unix:" + folder.resolve("qmp") + ",server=on,wait=off",
                        "-object",
                        "memory-backend-file,id=window,size=64K,share=on,mem-path=" + window(),
                        "-device",
                        "ivshmem-plain,memdev=window",
                        "-object",
                        "memory-backend-file,id=registers,size=4K,share=on,mem-path=" + folder.resolve("registers"),
                        "-device",
                        "ivshmem-plain,memdev=registers"));
    }

    private static Board unit() {
        try {
            return ConfigFiles.board(Programs.of("guests/coprocessor/unit.yaml"));
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /**
     * Boots one, and waits until it serves.
     *
     * @param layout of its window, as in a board file
     */
    static Coprocessor boot(String layout) {
        try {
            var booted = new Coprocessor(layout);
            booted.boot();
            booted.console().awaitLine("ready");
            return booted;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Boots it again, after it was killed; does not wait until it serves. */
    void boot() {
        try {
            Files.deleteIfExists(folder.resolve("qmp"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        console = Console.start("co-processor", command);
        qmp = Qmp.connect(folder.resolve("qmp"));
    }

    /** The file that is its window. */
    Path window() {
        return folder.resolve("window");
    }

    Console console() {
        return Objects.requireNonNull(console);
    }

    private Qmp qmp() {
        return Objects.requireNonNull(qmp);
    }

    /** Stops its processor: nothing moves any more, and its memory stays. */
    void pause() {
        qmp().execute("stop");
    }

    void goOn() {
        qmp().execute("cont");
    }

    /** SIGKILL to QEMU. */
    void kill() {
        qmp().close();
        console().kill();
    }

    /** A register of the unit, as it is in memory now. */
    int register(int offset) {
        try (var file = new RandomAccessFile(folder.resolve("registers").toFile(), "r")) {
            file.seek(offset);
            return Integer.reverseBytes(file.readInt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has a register hold something, as hardware would. */
    void setRegister(int offset, int value) {
        try (var file = new RandomAccessFile(folder.resolve("registers").toFile(), "rw")) {
            file.seek(offset);
            file.writeInt(Integer.reverseBytes(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What its clocks are by the registers, which are read now. */
    BoardOracle clocks() {
        Map<Long, Integer> words = new HashMap<>();
        for (int offset = 0; offset < CLOCK_REGISTERS; offset += Integer.BYTES) {
            words.put(UNIT_AT + offset, register(offset));
        }
        return new BoardOracle(UNIT, words);
    }

    @Override
    public void close() {
        kill();
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
