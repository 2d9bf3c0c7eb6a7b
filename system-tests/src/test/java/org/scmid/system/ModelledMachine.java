// A QEMU that models a system on a chip, whose registers scmid drives.
package org.scmid.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine whose devices work, while nothing runs on its processors, or else a program of ours. Its monitor says the
 * frequency of every clock of every device: the judge of what a board file says.
 */
final class ModelledMachine implements AutoCloseable {
    private static final Pattern DEVICE = Pattern.compile("\\s*dev: ([^,]+), id .*");
    private static final Pattern CLOCK =
            Pattern.compile("\\s*clock-(?:in|out) (?:\\(alias\\) )?\"([^\"]+)\" freq_hz=(.*)");
    private static final Pattern ADDRESS = Pattern.compile("\\s*mmio ([0-9a-f]{16})/[0-9a-f]{16}");
    private static final String NO_ADDRESS = "ffffffffffffffff";

    private final Process process;
    private final Output output;
    private final Qmp qmp;
    private final Path qtest;

    private ModelledMachine(Process process, Output output, Qmp qmp, Path qtest) {
        this.process = process;
        this.output = output;
        this.qmp = qmp;
        this.qtest = qtest;
    }

    /**
     * Starts {@code qemu-system-arm}.
     *
     * @param machine what {@code qemu-system-arm -machine} knows
     * @param folder gets the sockets {@code qtest} and {@code qmp}
     */
    static ModelledMachine start(String machine, Path folder) {
        return start("qemu-system-arm", machine, folder);
    }

    /**
     * Starts QEMU.
     *
     * @param program which QEMU
     * @param machine what its {@code -machine} knows
     * @param folder gets the sockets {@code qtest} and {@code qmp}
     * @param options further options
     */
    static ModelledMachine start(String program, String machine, Path folder, String... options) {
        Path qtest = folder.resolve("qtest");
        ModelledMachine started = launch(
                program,
                machine,
                folder,
                List.of("-S", "-qtest", "unix:" + qtest + ",server=on,wait=off", "-qtest-log", "/dev/null"),
                List.of(options));
        Deadline.await("QEMU listens on " + qtest, () -> Files.exists(qtest), started.output::text);
        return started;
    }

    /**
     * Starts QEMU with a program on its processor, which runs; there is no access to its registers but by that, and its serial
     * port is a pseudo terminal.
     *
     * @param program which QEMU
     * @param machine what its {@code -machine} knows
     * @param folder gets the socket {@code qmp}
     * @param firmware the program
     */
    static ModelledMachine boot(String program, String machine, Path folder, Path firmware) {
        return launch(program, machine, folder, List.of("-serial", "pty"), List.of("-kernel", firmware.toString()));
    }

    private static ModelledMachine launch(
            String program, String machine, Path folder, List<String> kind, List<String> options) {
        try {
            Path qtest = folder.resolve("qtest");
            Path monitor = folder.resolve("qmp");
            Files.deleteIfExists(qtest);
            Files.deleteIfExists(monitor);
            var command = new ArrayList<>(List.of(program, "-machine", machine, "-nodefaults", "-display", "none"));
            command.addAll(List.of("-qmp", "unix:" + monitor + ",server=on,wait=off"));
            command.addAll(kind);
            command.addAll(options);
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            Output output = Output.of(process.getInputStream(), "output of " + machine);
            return new ModelledMachine(process, output, Qmp.connect(monitor), qtest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The pseudo terminal that is the serial port of a booted machine. */
    Path serialPort() {
        String beginning = "char device redirected to ";
        int at = output.awaitText(beginning, 0, "QEMU") + beginning.length();
        return Path.of(output.substring(at, output.awaitText(" ", at, "QEMU")));
    }

    /** Resets it, as its button would: its program begins anew. */
    void reset() {
        qmp.execute("system_reset");
    }

    /** Stops its processor and its time, as a debugger would: its serial port stays. */
    void pause() {
        qmp.execute("stop");
    }

    /** Lets it go on after {@link #pause}. */
    void goOn() {
        qmp.execute("cont");
    }

    /** The socket that gives access to its registers, to one client at a time. */
    Path qtest() {
        return qtest;
    }

    /**
     * The frequencies of all clocks that go into devices or come out of them.
     *
     * @return by {@code DEVICE@ADDRESS CLOCK}, the address in hexadecimal; by {@code DEVICE CLOCK} for devices that have no
     *     registers at an address of their own
     */
    Map<String, Frequency> clocks() {
        var found = new LinkedHashMap<String, Frequency>();
        var ofDevice = new LinkedHashMap<String, Frequency>();
        String device = "";
        for (String line : monitor("info qtree").split("\r?\n", -1)) {
            Matcher start = DEVICE.matcher(line);
            Matcher clock = CLOCK.matcher(line);
            Matcher address = ADDRESS.matcher(line);
            if (start.matches()) {
                addAll(found, device, ofDevice);
                device = start.group(1);
            } else if (clock.matches()) {
                ofDevice.put(clock.group(1), Frequency.parse(clock.group(2)));
            } else if (address.matches() && !address.group(1).equals(NO_ADDRESS) && !device.contains("@")) {
                device += "@" + Long.toHexString(Long.parseUnsignedLong(address.group(1), 16));
            }
        }
        addAll(found, device, ofDevice);
        return found;
    }

    private static void addAll(Map<String, Frequency> found, String device, Map<String, Frequency> ofDevice) {
        ofDevice.forEach((clock, frequency) -> found.put(device + " " + clock, frequency));
        ofDevice.clear();
    }

    /** The frequency of one of the {@link #clocks}. */
    Frequency frequency(String clock) {
        Map<String, Frequency> all = clocks();
        Frequency found = all.get(clock);
        if (found == null) {
            throw new AssertionError("QEMU's monitor knows no clock " + clock + ", but " + all.keySet());
        }
        return found;
    }

    /**
     * The 32-bit registers of a block, as the monitor shows the memory there.
     *
     * @param from the physical address of the first
     * @param size how many bytes they are
     */
    Map<Long, Integer> registers(long from, long size) {
        var found = new LinkedHashMap<Long, Integer>();
        String shown = monitor("xp /%dwx 0x%x".formatted(size / Integer.BYTES, from));
        for (String line : shown.lines().toList()) {
            String[] words = line.substring(line.indexOf(':') + 1).strip().split(" ", -1);
            for (String word : words) {
                found.put(from + (long) Integer.BYTES * found.size(), Integer.parseUnsignedInt(word.substring(2), 16));
            }
        }
        if (found.size() != size / Integer.BYTES) {
            throw new AssertionError("QEMU's monitor shows " + found.size() + " registers:\n" + shown);
        }
        return found;
    }

    private String monitor(String line) {
        return qmp.monitor(line);
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
