// The QEMU options by which a guest is attached to its agent's socket.
package org.scmid.server.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.TransportSpec;

/**
 * The options that attach a guest to the service: memory, the socket and the device. Either all of the guest's memory is
 * shared, or a window behind its private memory. QEMU hands out only memory that has a file to share: so the private part
 * is memory without one, and the guest has its memory in two blocks, which takes two NUMA nodes.
 *
 * <p>They hold for {@code -machine virt} and, on the PCI bus, for any machine that has one. Options given to QEMU before
 * or after them are kept: QEMU merges several {@code -machine}.
 *
 * @param agent what the agent's transport is
 * @param bus where the guest finds the device
 * @param memory the guest's memory size as QEMU writes it, for example {@code 256M}; with a window, the window's tells
 * @param window what is shared; null for all of the memory
 */
public record QemuOptions(
        TransportSpec.VhostUser agent,
        Bus bus,
        String memory,
        @Nullable GuestWindow window) {
    /** The bus that the SCMI device is on. */
    public enum Bus {
        /** {@code vhost-user-scmi-pci}. */
        PCI(256, 536, 1024),
        /** {@code vhost-user-scmi}, on one of the machine's virtio-mmio slots. */
        MMIO(1024, 2128, 4096);

        /** How many entries Linux gives each ring on it. */
        final int entries;

        /** Bytes of the smallest window that was seen to work. */
        final long smallestWindow;

        /** Bytes of a window that leaves some room. */
        final long goodWindow;

        Bus(int entries, long smallestKib, long goodKib) {
            this.entries = entries;
            this.smallestWindow = smallestKib << 10;
            this.goodWindow = goodKib << 10;
        }

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** For a guest that shares all of its memory. */
    public QemuOptions(TransportSpec.VhostUser agent, Bus bus, String memory) {
        this(agent, bus, memory, null);
    }

    /** One element for each word of the command line. */
    public List<String> words() {
        var words = new ArrayList<String>();
        if (window == null) {
            // A back end in another process sees guest memory only if it is shared.
            words.addAll(List.of("-object", "memory-backend-memfd,id=scmi-ram,share=on,size=" + memory));
            words.addAll(List.of("-machine", "memory-backend=scmi-ram", "-m", memory));
        } else {
            words.addAll(memoryWithWindow(window));
        }
        words.add("-chardev");
        words.add(chardev());
        if (bus == Bus.MMIO) {
            // Without this QEMU offers version 1 of virtio-mmio, and Linux refuses an SCMI device on it.
            words.add("-global");
            words.add("virtio-mmio.force-legacy=false");
        }
        words.add("-device");
        words.add((bus == Bus.PCI ? "vhost-user-scmi-pci" : "vhost-user-scmi") + ",chardev=scmi"
                + (window == null ? "" : "," + place() + ",iommu_platform=on"));
        return words;
    }

    private static List<String> memoryWithWindow(GuestWindow window) {
        return List.of(
                "-machine",
                "virt",
                "-m",
                QemuSize.text(window.memory() + window.size()),
                "-object",
                "memory-backend-ram,id=scmi-ram,size=" + QemuSize.text(window.memory()),
                "-object",
                "memory-backend-memfd,id=scmi-window,share=on,size=" + QemuSize.text(window.size()),
                "-numa",
                "node,nodeid=0,memdev=scmi-ram",
                "-numa",
                "node,nodeid=1,memdev=scmi-window");
    }

    /** Where the device is: it must be where the device tree says that it uses the window, see {@link GuestOverlay}. */
    private String place() {
        return bus == Bus.PCI ? "addr=0x10" : "bus=virtio-mmio-bus.31";
    }

    private String chardev() {
        String path = QemuWords.path(agent.socket());
        return switch (agent.mode()) {
            case LISTEN -> "socket,id=scmi,path=" + path;
            // QEMU listens and the service comes, and comes again after a restart.
            case CONNECT -> "socket,id=scmi,path=" + path + ",server=on,wait=on";
        };
    }

    /** All on one line, quoted for a shell where that is needed. */
    public String commandLine() {
        return QemuWords.commandLine(words());
    }
}
