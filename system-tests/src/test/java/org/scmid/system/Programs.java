// The guests' programs in C, built once for all tests.
package org.scmid.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds what guests/ring, guests/platform, guests/zephyr, guests/baremetal, guests/coprocessor, guests/stm32l4 and guests/host-module hold, by their own scripts, at the first use. */
final class Programs {
    private static final Path HOME =
            Path.of(System.getProperty("scmid.home")).toAbsolutePath().normalize();

    private Programs() {}

    private static final class Ring {
        static final Path FOLDER = build("guests/ring/build");
    }

    private static final class Platform {
        static final Path FOLDER = build("guests/platform/build");
    }

    private static final class Zephyr {
        static final Path FOLDER = build("guests/zephyr/test/build");
    }

    private static final class BareMetal {
        static final Path FOLDER = build("guests/baremetal/build");
    }

    private static final class Coprocessor {
        static final Path FOLDER = build("guests/coprocessor/build");
    }

    private static final class Stm32 {
        static final Path FOLDER = build("guests/stm32l4/build");
    }

    private static final class Arm64 {
        static final Path FOLDER = prepared("SCMID_ARM64_HOST", "guests/arm64-host/build");
    }

    /** The folder of ring-agent and its variants. */
    static Path ring() {
        return Ring.FOLDER;
    }

    /** The folder of platform-server and the tests of the platform library. */
    static Path platform() {
        return Platform.FOLDER;
    }

    /** The folder of the Zephyr transport tests. */
    static Path zephyr() {
        return Zephyr.FOLDER;
    }

    /** The bare-metal guest's image. */
    static Path bareMetalImage() {
        return BareMetal.FOLDER.resolve("scmi-baremetal.elf");
    }

    /** The co-processor's program. */
    static Path coprocessor() {
        return Coprocessor.FOLDER.resolve("scmi-coprocessor.elf");
    }

    /** The firmware of the microcontroller that is a platform. */
    static Path stm32Firmware() {
        return Stm32.FOLDER.resolve("scmi-stm32l4.elf");
    }

    /** The firmware of the microcontroller that is a client. */
    static Path stm32Client() {
        return Stm32.FOLDER.resolve("scmi-stm32l4-client.elf");
    }

    /** The folder of the machine that scmid can run in: {@code Image}, {@code initramfs.cpio.gz} and {@code java.ext4}. */
    static Path arm64Host() {
        return Arm64.FOLDER;
    }

    /**
     * The folder of the kernel module, its test program and an initramfs with both, built for a machine's kernel.
     *
     * @param machine the machine's folder, of guests/linux or guests/arm64-host
     */
    static Path hostModule(Path machine) {
        return build("guests/host-module/build", machine.toString());
    }

    /** What was built before, where a variable of the environment says; else it is built now. */
    private static Path prepared(String variable, String script) {
        String folder = System.getenv(variable);
        return folder == null || folder.isEmpty() ? build(script) : Path.of(folder);
    }

    /** A file of the repository. */
    static Path of(String path) {
        return HOME.resolve(path);
    }

    /** Runs a build script, whose last line on stdout is the folder of what it has made. */
    private static Path build(String script, String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(HOME.resolve(script).toString()));
            command.addAll(List.of(arguments));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(false).start();
            process.getOutputStream().close();
            Output errors = Output.of(process.getErrorStream(), script);
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                Deadline.await("the errors of " + script + " are read", errors::isEnded);
                throw new AssertionError(script + " failed:\n" + output + errors.text());
            }
            String[] lines = output.strip().split("\n", -1);
            return Path.of(lines[lines.length - 1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
