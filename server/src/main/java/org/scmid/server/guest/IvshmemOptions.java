// The QEMU options by which a guest gets its agent's window of shared memory as an ivshmem device.
package org.scmid.server.guest;

import java.util.List;
import org.scmid.config.service.TransportSpec;
import org.scmid.config.window.NotifySpec;
import org.scmid.config.window.RegionSpec;
import org.scmid.transport.SharedRegion;

/**
 * The options that give a guest a window: {@code ivshmem-plain}, for which QEMU maps the file itself, or
 * {@code ivshmem-doorbell}, which gets memory and doorbells from the service. Either way the window is BAR 2 of a PCI
 * device, at an address that the guest chooses, and of a size that is a power of two.
 *
 * <p>They hold for any machine that has a PCI bus.
 */
public final class IvshmemOptions {
    private final TransportSpec.Window agent;

    /**
     * For the guest of this agent.
     *
     * @throws GuestException if QEMU cannot be given its window; the message says why, and what to change
     */
    public IvshmemOptions(TransportSpec.Window agent) throws GuestException {
        this.agent = agent;
        check(agent.region());
    }

    private static void check(RegionSpec region) throws GuestException {
        String size = SharedRegion.shownSize(region.size());
        if (!(region.location() instanceof RegionSpec.File)) {
            throw new GuestException("QEMU maps only a file as a guest's window, and `region` is "
                    + region.location().shown() + "; for a guest in QEMU write `region: { file: /dev/shm/NAME, size: "
                    + size + " }`");
        }
        if (region.offset() != 0) {
            throw new GuestException("the window begins at offset " + region.offset() + " of "
                    + region.location().shown() + ", and a device gets a whole file, with all that others keep in it;"
                    + " give this agent a file of its own, without `offset`");
        }
        if (region.guestAddress() != 0) {
            throw new GuestException("`guest-address` is 0x" + Long.toHexString(region.guestAddress())
                    + ", but an ivshmem device's memory is where the guest puts it, so that addresses count from 0;"
                    + " leave `guest-address` out, or give QEMU the file as a block of RAM at that address, as"
                    + " guests/zephyr/README.md shows");
        }
        if (Long.bitCount(region.size()) != 1) {
            throw new GuestException("the window has " + size + ", and the memory of a PCI device is a power of two;"
                    + " write `size: " + SharedRegion.shownSize(Long.highestOneBit(region.size()) << 1)
                    + "`, and remove " + region.location().shown()
                    + " if it is there, for its length is never changed");
        }
    }

    /** One element for each word of the command line. */
    public List<String> words() {
        return switch (agent.notification()) {
            case NotifySpec.Poll it -> plain(agent.region());
            case NotifySpec.Ivshmem it ->
                List.of(
                        "-chardev",
                        "socket,path=" + QemuWords.path(it.socket()) + ",id=scmi",
                        "-device",
                        "ivshmem-doorbell,chardev=scmi,vectors=2");
        };
    }

    private static List<String> plain(RegionSpec region) {
        if (!(region.location() instanceof RegionSpec.File file)) {
            throw new IllegalStateException("not a file: " + region);
        }
        return List.of(
                "-object",
                "memory-backend-file,id=scmi,size=" + QemuSize.text(region.size()) + ",mem-path="
                        + QemuWords.path(file.path()) + ",share=on",
                "-device",
                "ivshmem-plain,memdev=scmi");
    }

    /** All on one line, quoted for a shell where that is needed. */
    public String commandLine() {
        return QemuWords.commandLine(words());
    }
}
