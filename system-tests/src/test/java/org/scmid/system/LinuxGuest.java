// A real Linux guest in QEMU that runs commands for a test.
package org.scmid.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.scmid.server.guest.GuestException;
import org.scmid.server.guest.GuestImages;

/**
 * A booted guest whose console takes commands. The protocol is described in guests/linux/README.md: a line {@code ID
 * COMMAND}, answered by {@code @@BEGIN ID}, the output, {@code @@DONE ID STATUS BYTES}.
 */
final class LinuxGuest implements AutoCloseable {
    /** The tag of all tests that boot this guest: a long run has them once more with the newest kernel. */
    static final String TESTS = "linux";

    /** The tag of those that have a bit of everything, and are quick: every run has them with both kernels. */
    static final String SAMPLE = "linux-sample";

    static final String MEMORY = "256M";

    private final String name;
    private final Process qemu;
    private final Output console;
    private final Qmp qmp;
    private int jobs;
    private int readyFrom;

    /** What a command printed, and its exit status. */
    record Result(int status, String output) {
        /** The output of a command that must have succeeded. */
        String ok() {
            if (status != 0) {
                throw new AssertionError("exit status " + status + ":\n" + output);
            }
            return output;
        }

        /** The output as the 32-bit words that {@code scmi-raw} prints in hexadecimal. */
        int[] words() {
            return Arrays.stream(ok().strip().split("\\s+"))
                    .mapToInt(word -> Integer.parseUnsignedInt(word.replaceFirst("^0x", ""), 16))
                    .toArray();
        }
    }

    private LinuxGuest(String name, Process qemu, Output console, Qmp qmp) {
        this.name = name;
        this.qemu = qemu;
        this.console = console;
        this.qmp = qmp;
    }

    /**
     * Boots a guest and waits until it takes commands.
     *
     * @param folder for the guest's own files; a new one for each guest
     * @param overlay source of the device-tree overlay
     * @param attach QEMU's options that attach it, as {@code scmid guest qemu} prints them
     */
    static LinuxGuest boot(String name, Path folder, String overlay, List<String> attach) {
        LinuxGuest guest = start(name, folder, overlay, attach);
        guest.awaitReady();
        return guest;
    }

    /** Starts QEMU without waiting for the guest. */
    static LinuxGuest start(String name, Path folder, String overlay, List<String> attach) {
        try {
            GuestImages images = GuestImages.takeOrBuild(Path.of(System.getProperty("scmid.home")));
            Path deviceTree = GuestImages.deviceTree(overlay, MEMORY, folder);
            List<String> command = new ArrayList<>(images.bootCommand(deviceTree, "quiet scmid.mode=test"));
            // A guest that resets stays: reset is one of the things that are tested.
            command.remove("-no-reboot");
            command.addAll(attach);
            return launch(name, folder, command);
        } catch (GuestException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /**
     * Starts QEMU with a machine of any kind, whose kernel and initramfs are of this guest's make.
     *
     * @param folder gets the socket of QEMU's machine protocol
     * @param machine QEMU's command line, but for the serial port and that protocol
     */
    static LinuxGuest launch(String name, Path folder, List<String> machine) {
        try {
            Path qmpSocket = folder.resolve("qmp.sock");
            List<String> command = new ArrayList<>(machine);
            command.addAll(List.of("-serial", "stdio", "-qmp", "unix:" + qmpSocket + ",server=on,wait=off"));
            Process qemu = new ProcessBuilder(command).redirectErrorStream(true).start();
            Output console = Output.of(qemu.getInputStream(), "console of " + name);
            return new LinuxGuest(name, qemu, console, Qmp.connect(qmpSocket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the guest (again) takes commands. */
    void awaitReady() {
        int at = console.awaitText("@@DONE ready 0 0", readyFrom, "guest " + name);
        readyFrom = at + 1;
    }

    /** Runs a command in the guest's shell to its end. */
    Result run(String command) {
        return await(begin(command));
    }

    /** Starts a command; {@link #await} collects it. */
    String begin(String command) {
        String id = "j" + jobs++;
        try {
            qemu.getOutputStream().write((id + " " + command + "\n").getBytes(StandardCharsets.UTF_8));
            qemu.getOutputStream().flush();
        } catch (IOException e) {
            throw new AssertionError("guest " + name + " takes no more commands; its console:\n" + console.text(), e);
        }
        return id;
    }

    /** Waits for the end of a command. */
    Result await(String id) {
        String begin = "@@BEGIN " + id + "\n";
        int from = console.awaitText(begin, 0, "guest " + name) + begin.length();
        String done = "@@DONE " + id + " ";
        int to = console.awaitText(done, from, "guest " + name);
        int end = console.awaitText("\n", to, "guest " + name);
        String statusAndBytes = console.substring(to + done.length(), end);
        int status = Integer.parseInt(statusAndBytes.substring(0, statusAndBytes.indexOf(' ')));
        return new Result(status, console.substring(from, to));
    }

    /** Whether its kernel is newer than Linux 6.12, which is the older one that guests run. */
    boolean isNewerThan612() {
        return !read("/proc/sys/kernel/osrelease").startsWith("6.12.");
    }

    /** Sends one SCMI message through the kernel's raw mode, and returns the words of its reply. */
    int[] scmi(int... words) {
        var command = new StringBuilder("scmi-raw");
        for (int word : words) {
            command.append(" 0x").append(Integer.toHexString(word));
        }
        return run(command.toString()).words();
    }

    /** The clocks that its kernel has registered, without those of QEMU's own device tree. */
    Set<String> clocks() {
        var names = new TreeSet<>(List.of(run("cd /sys/kernel/debug/clk && ls -d */")
                .ok()
                .replace("/", "")
                .strip()
                .split("\\s+")));
        names.remove("clk24mhz");
        return names;
    }

    /** A number that is another one after each boot. */
    String bootId() {
        return read("/proc/sys/kernel/random/boot_id");
    }

    /** Sends one SCMI message that must succeed. */
    void scmiDone(int header, int... payload) {
        int[] words = new int[payload.length + 1];
        words[0] = header;
        System.arraycopy(payload, 0, words, 1, payload.length);
        int status = scmi(words)[1];
        if (status != Scmi.SUCCESS) {
            throw new AssertionError(
                    "a message to " + name + "'s platform is answered " + status + "\n" + complaints());
        }
    }

    /** A file's text without the newline at its end. */
    String read(String file) {
        return run("cat " + file).ok().stripTrailing();
    }

    /** Writes a line into a file, such as one of sysfs. */
    void write(String text, String file) {
        run("echo '" + text + "' > " + file).ok();
    }

    /** Waits until a file says something. */
    void awaitText(String wanted, String file) {
        Deadline.await("`" + wanted + "` is in " + file, () -> read(file).equals(wanted), () -> "it is " + read(file));
    }

    /** What the kernel says of drivers that wait for something that is not there, and of SCMI. */
    String complaints() {
        return run("cat /sys/kernel/debug/devices_deferred; dmesg | grep -iE 'scmi|defer|fail'")
                .output();
    }

    Qmp qmp() {
        return qmp;
    }

    Output console() {
        return console;
    }

    /** Kills QEMU as a crash would, and waits until it is gone. */
    void kill() {
        qemu.destroyForcibly();
        awaitEnd();
    }

    /** Waits until QEMU has ended, as it does when its guest powers off. */
    void awaitEnd() {
        try {
            if (!qemu.waitFor(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("QEMU of guest " + name + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        qmp.close();
        kill();
    }
}
