// A virtual machine of arm64 in which scmid itself runs, with devices for it to drive.
package org.scmid.system;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * QEMU's virt board with two ivshmem devices and QEMU's device for teaching (edu). What guests/arm64-host builds runs on it,
 * emulated. The machine sees scmid's files and the test's folder.
 */
final class Arm64Host implements AutoCloseable {
    /** The memory of each ivshmem device. */
    static final int SHARED_BYTES = 1 << 20;

    /** The PCI device with the memory that the test takes for registers. */
    static final String REGISTERS = "0000:00:10.0";

    /** The PCI device with the memory for windows of agents. */
    static final String WINDOWS = "0000:00:11.0";

    /** A megabyte of memory that the kernel leaves alone; its first 64 KiB are the UIO device {@code rtos-scmi}. */
    static final long RESERVED = 0x8000_0000L;

    /** QEMU's device for teaching, whose registers from 0x80 may be accessed by 64 bits. */
    static final String EDU = "0000:00:12.0";

    private static final String QEMU = "qemu-system-aarch64";
    private static final String JAVA = "/usr/lib/jvm/java-25-openjdk-arm64/bin/java";

    /**
     * A real-time clock that is given to UIO, a PL061 that no driver has, and memory for windows. What is added to QEMU's own
     * tree of the machine may name its nodes by path.
     */
    static final String REGISTERS_FOR_SCMID = """
            &{/pl031@9010000} { compatible = "generic-uio"; linux,uio-name = "rtc"; };
            &{/pl061@9030000} { status = "disabled"; }; /* scmid drives it, not Linux */
            &{/} {
                reserved-memory {
                    #address-cells = <2>;
                    #size-cells = <2>;
                    ranges;
                    reserved@80000000 { reg = <0x0 0x80000000 0x0 0x100000>; no-map; };
                };
                scmi-window {
                    compatible = "generic-uio";
                    linux,uio-name = "rtos-scmi";
                    reg = <0x0 0x80000000 0x0 0x10000>;
                };
            };
            """;

    private final Path folder;
    private final Path memory;
    private final LinuxGuest machine;

    private Arm64Host(Path folder, Path memory, LinuxGuest machine) {
        this.folder = folder;
        this.memory = memory;
        this.machine = machine;
    }

    /**
     * Boots one.
     *
     * @param folder the machine sees it as /files; it gets files of QEMU too
     * @param deviceTree source that is added to QEMU's tree
     * @param arguments more of them for the kernel
     * @param registers the first bytes of the memory of {@link #REGISTERS}
     */
    static Arm64Host boot(Path folder, String deviceTree, String arguments, byte[] registers) {
        return boot(folder, deviceTree, arguments, registers, List.of());
    }

    /**
     * Boots one whose kernel has an SCMI platform.
     *
     * @param folder the machine sees it as /files; it gets files of QEMU too
     * @param overlay that says to the kernel that there is one, as {@code scmid guest dts} prints it
     * @param attach QEMU's options for a guest of this agent, as {@code scmid guest qemu} prints them
     */
    static Arm64Host bootAsAgent(Path folder, String overlay, List<String> attach) {
        String nodes = overlay.replace("/dts-v1/;", "").replace("/plugin/;", "");
        // The memory is this machine's own, and shared too.
        return boot(folder, nodes, "", new byte[0], attach.subList(attach.indexOf("-chardev"), attach.size()));
    }

    private static Arm64Host boot(
            Path folder, String deviceTree, String arguments, byte[] registers, List<String> attached) {
        try {
            Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "scmid-test-");
            for (String name : List.of("registers", "windows")) {
                try (var file = new RandomAccessFile(memory.resolve(name).toFile(), "rw")) {
                    file.setLength(SHARED_BYTES);
                }
            }
            var host = new Arm64Host(folder, memory, start(folder, memory, deviceTree, arguments, attached));
            boolean ready = false;
            try {
                host.becomeReady(registers);
                ready = true;
                return host;
            } finally {
                if (!ready) {
                    host.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LinuxGuest start(
            Path folder, Path memory, String deviceTree, String arguments, List<String> attached) throws IOException {
        Path images = Programs.arm64Host();
        List<String> machine = new ArrayList<>(List.of(QEMU, "-machine", "virt", "-accel", "tcg,thread=multi"));
        machine.addAll(List.of("-cpu", "cortex-a76", "-smp", "2", "-m", "1028M", "-nodefaults", "-display", "none"));
        machine.addAll(List.of("-drive", "if=none,id=java,format=raw,readonly=on,file=" + images.resolve("java.ext4")));
        machine.addAll(List.of("-device", "virtio-blk-pci,drive=java"));
        share(machine, "scmid", Programs.of("."));
        share(machine, "files", folder);
        // Memory in two blocks, which QEMU has for two NUMA nodes only: the second is shared with the test.
        machine.addAll(List.of("-object", "memory-backend-memfd,share=on,id=ram,size=1G"));
        machine.addAll(List.of("-object", inFile(memory, "reserved", 4 << 20)));
        machine.addAll(List.of("-numa", "node,cpus=0-1,memdev=ram", "-numa", "node,memdev=reserved"));
        ivshmem(machine, "registers", memory, "10.0");
        ivshmem(machine, "windows", memory, "11.0");
        machine.addAll(List.of("-device", "edu,addr=12.0"));
        machine.addAll(List.of("-dtb", deviceTree(folder, machine, deviceTree).toString()));
        machine.addAll(attached);
        machine.addAll(List.of("-kernel", images.resolve("Image").toString()));
        machine.addAll(List.of("-initrd", images.resolve("initramfs.cpio.gz").toString(), "-no-reboot"));
        machine.addAll(List.of("-append", "console=ttyAMA0 panic=-1 quiet scmid.mode=test " + arguments));
        return LinuxGuest.launch("arm64-host", folder, machine);
    }

    private static void share(List<String> machine, String tag, Path shared) {
        machine.addAll(
                List.of("-virtfs", "local,security_model=none,readonly=on,mount_tag=" + tag + ",path=" + shared));
    }

    private static void ivshmem(List<String> machine, String name, Path memory, String address) {
        machine.addAll(List.of(
                "-object",
                inFile(memory, name, SHARED_BYTES),
                "-device",
                "ivshmem-plain,memdev=" + name + ",addr=" + address));
    }

    private static String inFile(Path memory, String name, int bytes) {
        return "memory-backend-file,share=on,id=" + name + ",size=" + bytes + ",mem-path=" + memory.resolve(name);
    }

    /** QEMU's own tree of this machine, and what is added. As source, so that this can name QEMU's nodes in phandles too. */
    private static Path deviceTree(Path folder, List<String> machine, String added) throws IOException {
        Path base = folder.resolve("virt.dtb");
        Path source = folder.resolve("host.dts");
        Path result = folder.resolve("host.dtb");
        List<String> dump = new ArrayList<>(machine);
        dump.addAll(List.of("-machine", "dumpdtb=" + base));
        run(dump);
        run(List.of("dtc", "-q", "-I", "dtb", "-O", "dts", "-o", source.toString(), base.toString()));
        Files.writeString(source, added, StandardOpenOption.APPEND);
        run(List.of("dtc", "-q", "-I", "dts", "-O", "dtb", "-o", result.toString(), source.toString()));
        return result;
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed:\n" + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void becomeReady(byte[] registers) throws IOException {
        try (var file = new RandomAccessFile(registersFile().toFile(), "rw")) {
            file.write(registers);
        }
        machine.awaitReady();
        machine.run("mkdir /java /scmid /files && mount -t ext4 -o ro /dev/vda /java")
                .ok();
        machine.run("ln -s /java/usr /usr && ln -s /java/usr/lib /lib && ln -s /java/etc /etc")
                .ok();
        String options = "trans=virtio,version=9p2000.L,msize=512000,ro";
        machine.run("mount -t 9p -o cache=loose," + options + " scmid /scmid").ok();
        machine.run("mount -t 9p -o " + options + " files /files").ok();
    }

    /** Runs a command in the machine's shell to its end. */
    LinuxGuest.Result run(String command) {
        return machine.run(command);
    }

    /** Starts a command; {@link #await} collects it. */
    String begin(String command) {
        return machine.begin(command);
    }

    LinuxGuest.Result await(String job) {
        return machine.await(job);
    }

    /** A line for the machine's shell that runs scmid, from the jar that {@code ./scmid} runs on the test's machine. */
    String scmid(String arguments) {
        return java("-jar /scmid/server/target/launch/scmid.jar " + arguments);
    }

    /** A line that runs a main class of the tests, with scmid's classes. */
    String main(Class<?> main, String options, String arguments) {
        String classes = "/scmid/server/target/launch/scmid.jar:/scmid/system-tests/target/test-classes";
        return java(options + " -cp " + classes + " " + main.getName() + " " + arguments);
    }

    private static String java(String arguments) {
        // The options of the launcher, but for the cache of classes. Code is compiled later than usual, because it is
        // emulated: in a short life the compilers cost more than they gain.
        return "cd /files && exec " + JAVA + " -XX:+UseSerialGC -XX:CompileThresholdScaling=4"
                + " --enable-native-access=ALL-UNNAMED " + arguments;
    }

    /** Switches a PCI device on, as a driver would. */
    void switchOn(String device) {
        machine.run("echo 1 > /sys/bus/pci/devices/" + device + "/enable").ok();
    }

    /** The physical address of a BAR in this machine. */
    long bar(String device, int number) {
        String line = machine.run("sed -n " + (number + 1) + "p /sys/bus/pci/devices/" + device + "/resource")
                .ok();
        return Long.decode(line.split(" ", 2)[0]);
    }

    /** What QEMU itself has at a physical address of the machine: 32 bits, of memory or of a device. */
    int at(long address) {
        String printed = monitor("xp /1xw 0x" + Long.toHexString(address));
        return Integer.parseUnsignedInt(
                printed.substring(printed.indexOf("0x") + 2).strip(), 16);
    }

    /** Runs a line of QEMU's monitor. */
    String monitor(String line) {
        return machine.qmp().monitor(line);
    }

    /** The test's side of {@link #REGISTERS}. */
    Path registersFile() {
        return memory.resolve("registers");
    }

    /** The test's side of {@link #WINDOWS}. */
    Path windowsFile() {
        return memory.resolve("windows");
    }

    /** The test's side of {@link #RESERVED}. */
    Path reservedFile() {
        return memory.resolve("reserved");
    }

    /** A file that the machine sees in /files. */
    Path file(String name) {
        return folder.resolve(name);
    }

    @Override
    public void close() {
        machine.close();
        try {
            Files.delete(registersFile());
            Files.delete(windowsFile());
            Files.delete(reservedFile());
            Files.delete(memory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
