// The Linux kernel and initramfs that the demo and the tests boot, and the device tree for them.
package org.scmid.server.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Linux guest's files.
 *
 * @param kernel an arm64 {@code Image}
 * @param initramfs its first user space, see guests/linux/README.md
 */
public record GuestImages(Path kernel, Path initramfs) {
    /** QEMU for the guest's architecture. */
    public static final String QEMU = "qemu-system-aarch64";

    /** The machine that the guest is built for, before anything is attached. */
    public static List<String> machineOptions() {
        // Without -nodefaults QEMU adds a network card, whose firmware is in a package of its own.
        return List.of("-machine", "virt", "-cpu", "cortex-a57", "-smp", "1", "-nodefaults", "-display", "none");
    }

    /**
     * The guest in a folder that holds {@code Image} and {@code initramfs.cpio.gz}.
     *
     * @throws GuestException if it does not
     */
    public static GuestImages in(Path folder) throws GuestException {
        var images = new GuestImages(folder.resolve("Image"), folder.resolve("initramfs.cpio.gz"));
        for (Path file : List.of(images.kernel, images.initramfs)) {
            if (!Files.isReadable(file)) {
                throw new GuestException("no guest in " + folder + ": " + file.getFileName() + " is not there");
            }
        }
        return images;
    }

    /**
     * Takes the guest from where {@code SCMID_GUEST} points, or builds it (once: it is kept outside the source tree).
     *
     * @param home scmid's source tree; null if this jar runs without it
     * @throws GuestException if it cannot be built; the build has said why on standard error
     */
    public static GuestImages takeOrBuild(@Nullable Path home) throws GuestException {
        String given = System.getenv("SCMID_GUEST");
        if (given != null && !given.isEmpty()) {
            return in(Path.of(given));
        }
        if (home == null || !Files.isExecutable(home.resolve("guests/linux/build"))) {
            throw new GuestException("the guest's recipe, guests/linux, is not here; start this from scmid's source"
                    + " tree with ./scmid, or set SCMID_GUEST to a folder with Image and initramfs.cpio.gz");
        }
        Path recipe = home.resolve("guests/linux");
        // The script says itself what it does and how far it is.
        Tools.runAloud(List.of(recipe.resolve("install-packages").toString()));
        String output = Tools.runAloud(List.of(recipe.resolve("build").toString()));
        return in(Path.of(output.lines().reduce("", (earlier, last) -> last)));
    }

    /**
     * The machine's device tree with an overlay applied.
     *
     * @param overlay source of the overlay
     * @param memory the machine's memory size as QEMU writes it
     * @param folder where the files go
     * @return the file for QEMU's {@code -dtb}
     */
    public static Path deviceTree(String overlay, String memory, Path folder) throws GuestException {
        Path base = folder.resolve("virt.dtb");
        Path source = folder.resolve("scmi.dtso");
        Path compiled = folder.resolve("scmi.dtbo");
        Path result = folder.resolve("virt-scmi.dtb");
        try {
            Files.writeString(source, overlay);
        } catch (IOException e) {
            throw new GuestException("cannot write " + source);
        }
        var dump = new ArrayList<>(List.of(QEMU));
        dump.addAll(machineOptions());
        dump.addAll(List.of("-machine", "dumpdtb=" + base.toString().replace(",", ",,"), "-m", memory));
        Tools.run(dump);
        Tools.run(List.of("dtc", "-q", "-I", "dts", "-O", "dtb", "-o", compiled.toString(), source.toString()));
        Tools.run(List.of("fdtoverlay", "-i", base.toString(), "-o", result.toString(), compiled.toString()));
        return result;
    }

    /** All of QEMU's command line but what attaches the guest to the service. */
    public List<String> bootCommand(Path deviceTree, String kernelArguments) {
        var command = new ArrayList<>(List.of(QEMU));
        command.addAll(machineOptions());
        command.addAll(List.of("-kernel", kernel.toString(), "-initrd", initramfs.toString()));
        command.addAll(List.of("-dtb", deviceTree.toString()));
        command.addAll(List.of("-append", "console=ttyAMA0 panic=-1 " + kernelArguments));
        command.add("-no-reboot");
        return command;
    }
}
