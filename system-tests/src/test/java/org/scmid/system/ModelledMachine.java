// A QEMU that models a system on a chip, whose registers scmid drives.
package org.scmid.system;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A machine that is not started: nothing runs on its processors, but its devices work. */
final class ModelledMachine implements AutoCloseable {
    private static final Pattern DEVICE = Pattern.compile("^\\s*dev: ([^,]+), id");
    private static final Pattern CLOCK = Pattern.compile("clock-in \"([^\"]+)\" freq_hz=([0-9.]+) ([KMG]?)Hz");

    private final Process process;
    private final Output output;
    private final Qmp qmp;

    private ModelledMachine(Process process, Output output, Qmp qmp) {
        this.process = process;
        this.output = output;
        this.qmp = qmp;
    }

    /**
     * Starts QEMU.
     *
     * @param machine what {@code qemu-system-aarch64 -machine} knows
     * @param folder gets the sockets {@code qtest} and {@code qmp}
     */
    static ModelledMachine start(String machine, Path folder) {
        try {
            Path qtest = folder.resolve("qtest");
            Files.deleteIfExists(qtest);
            Files.deleteIfExists(folder.resolve("qmp"));
            Process process = new ProcessBuilder(List.of(
                            "qemu-system-aarch64",
                            "-machine",
                            machine,
                            "-nodefaults",
                            "-display",
                            "none",
                            "-S",
                            "-qtest",
                            "unix:" + qtest + ",server=on,wait=off",
                            "-qtest-log",
                            "/dev/null",
                            "-qmp",
                            "unix:" + folder.resolve("qmp") + ",server=on,wait=off"))
                    .redirectErrorStream(true)
                    .start();
            Output output = Output.of(process.getInputStream(), "output of " + machine);
            Deadline.await("QEMU listens on " + qtest, () -> Files.exists(qtest), output::text);
            return new ModelledMachine(process, output, Qmp.connect(folder.resolve("qmp")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The frequency at a clock input of the first device of a type, in Hz, as QEMU's monitor rounds it: three significant
     * digits.
     */
    double hertz(String device, String input) {
        String tree = String.valueOf(qmp.execute(new JsonObject()
                .put("execute", "human-monitor-command")
                .put("arguments", new JsonObject().put("command-line", "info qtree"))));
        boolean inDevice = false;
        for (String line : tree.lines().toList()) {
            Matcher start = DEVICE.matcher(line);
            if (start.find()) {
                inDevice = start.group(1).equals(device);
            }
            Matcher clock = CLOCK.matcher(line);
            if (inDevice && clock.find() && clock.group(1).equals(input)) {
                double factor = switch (clock.group(3)) {
                    case "K" -> 1e3;
                    case "M" -> 1e6;
                    case "G" -> 1e9;
                    default -> 1;
                };
                return Double.parseDouble(clock.group(2)) * factor;
            }
        }
        throw new AssertionError("no clock input " + input + " of " + device + " in\n" + tree);
    }

    /** QEMU's process. */
    long pid() {
        return process.pid();
    }

    /** Stops the process without ending it: it does not answer any more. */
    void freeze() {
        signal("-STOP");
    }

    void thaw() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            int status = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new AssertionError("kill " + signal + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        qmp.close();
        process.destroyForcibly();
        try {
            if (!process.waitFor(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("QEMU does not end; its output:\n" + output.text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
