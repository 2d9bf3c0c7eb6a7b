// A microcontroller in QEMU, with the firmware of guests/stm32l4.
package org.scmid.server.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.scmid.server.guest.GuestException;
import org.scmid.server.guest.Tools;

/**
 * QEMU's B-L475E-IOT01A. Its serial line is a pseudo terminal of the host. QEMU's monitor, which the firmware knows nothing
 * of, says at which frequency its clocks run.
 */
final class Microcontroller implements AutoCloseable {
    static final String QEMU = "qemu-system-arm";
    static final String MACHINE = "b-l475e-iot01a";
    private static final String RECIPE = "guests/stm32l4";
    private static final Pattern TERMINAL = Pattern.compile("char device redirected to (\\S+)");
    private static final String PROMPT = "(qemu) ";

    private final Process process;
    private final Path serialPort;

    private Microcontroller(Process process, Path serialPort) {
        this.process = process;
        this.serialPort = serialPort;
    }

    /**
     * Builds the firmware.
     *
     * @param home scmid's source tree; null if this jar runs without it
     * @param folder where it is built
     * @return the file for QEMU
     * @throws GuestException if it cannot be built; the build has said why on standard error
     */
    static Path firmware(@Nullable Path home, Path folder) throws GuestException {
        if (home == null || !Files.isExecutable(home.resolve(RECIPE).resolve("build"))) {
            throw new GuestException("the microcontroller's firmware, " + RECIPE
                    + ", is not here; start this from scmid's source tree with ./scmid");
        }
        Tools.runAloud(List.of(home.resolve(RECIPE).resolve("build").toString(), folder.toString()));
        return folder.resolve("scmi-stm32l4.elf");
    }

    /**
     * Boots it.
     *
     * @throws GuestException if QEMU is not installed or does not know the machine; the message says so
     */
    static Microcontroller boot(Path firmware) throws GuestException {
        List<String> command = List.of(
                QEMU,
                "-machine",
                MACHINE,
                "-nodefaults",
                "-display",
                "none",
                "-serial",
                "pty",
                "-monitor",
                "stdio",
                "-kernel",
                firmware.toString());
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = readUntil(process.getInputStream(), PROMPT);
            Matcher terminal = TERMINAL.matcher(said);
            if (!terminal.find()) {
                process.destroy();
                throw new GuestException("the microcontroller does not start: " + said.strip());
            }
            return new Microcontroller(process, Path.of(terminal.group(1)));
        } catch (IOException e) {
            throw new GuestException(
                    "`" + QEMU + "` cannot be started; guests/linux/install-packages installs what a guest needs");
        }
    }

    /** The host's end of its serial line. */
    Path serialPort() {
        return serialPort;
    }

    /**
     * At which frequency a clock of a device runs.
     *
     * @param clock as QEMU's monitor names it
     * @return in QEMU's words, three digits and a unit such as {@code 24 MHz}; null if it knows no such clock
     * @throws GuestException if QEMU has ended
     */
    @Nullable
    String frequency(String clock) throws GuestException {
        Pattern wanted = Pattern.compile(
                "clock-(?:in|out) (?:\\(alias\\) )?\"" + Pattern.quote(clock) + "\" freq_hz=(\\S+ \\S+)");
        try {
            process.getOutputStream().write("info qtree\n".getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
            // The line comes back as it was typed, and before its answer.
            Matcher found = wanted.matcher(readUntil(process.getInputStream(), "\n" + PROMPT));
            return found.find() ? found.group(1) : null;
        } catch (IOException e) {
            throw new GuestException("the microcontroller has ended");
        }
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        StringBuilder said = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            said.append((char) b);
            if (b == ' ' && said.length() >= end.length() && said.indexOf(end, said.length() - end.length()) >= 0) {
                return said.toString();
            }
        }
        return said.toString();
    }

    @Override
    public void close() {
        Demo.end(process);
    }
}
