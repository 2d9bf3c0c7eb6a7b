// The QEMU options by which a guest is attached to its agent's socket.
package org.scmid.server.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.scmid.config.TransportSpec;

/**
 * The options that attach a guest to the service: shared guest memory, the socket and the device.
 *
 * <p>They hold for {@code -machine virt} and, on the PCI bus, for any machine that has one. Options given to QEMU before
 * or after them are kept: QEMU merges several {@code -machine}.
 *
 * @param agent what the agent's transport is
 * @param bus where the guest finds the device
 * @param memory the guest's memory size as QEMU writes it, for example {@code 256M}
 */
public record QemuOptions(TransportSpec.VhostUser agent, Bus bus, String memory) {
    /** The bus that the SCMI device is on. */
    public enum Bus {
        /** {@code vhost-user-scmi-pci}. */
        PCI,
        /** {@code vhost-user-scmi}, on one of the machine's virtio-mmio slots. */
        MMIO;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One element for each word of the command line. */
    public List<String> words() {
        var words = new ArrayList<String>();
        // A back end in another process sees guest memory only if it is shared.
        words.add("-object");
        words.add("memory-backend-memfd,id=scmi-ram,share=on,size=" + memory);
        words.add("-machine");
        words.add("memory-backend=scmi-ram");
        words.add("-m");
        words.add(memory);
        words.add("-chardev");
        words.add(chardev());
        if (bus == Bus.MMIO) {
            // Without this QEMU offers version 1 of virtio-mmio, and Linux refuses an SCMI device on it.
            words.add("-global");
            words.add("virtio-mmio.force-legacy=false");
        }
        words.add("-device");
        words.add((bus == Bus.PCI ? "vhost-user-scmi-pci" : "vhost-user-scmi") + ",chardev=scmi");
        return words;
    }

    private String chardev() {
        // QEMU splits at commas; a doubled one stands for itself.
        String path = agent.socket().toAbsolutePath().normalize().toString().replace(",", ",,");
        return switch (agent.mode()) {
            case LISTEN -> "socket,id=scmi,path=" + path;
            // QEMU listens and the service comes, and comes again after a restart.
            case CONNECT -> "socket,id=scmi,path=" + path + ",server=on,wait=on";
        };
    }

    /** All on one line, quoted for a shell where that is needed. */
    public String commandLine() {
        return String.join(" ", words().stream().map(QemuOptions::quoted).toList());
    }

    private static String quoted(String word) {
        return word.matches("[-A-Za-z0-9_./,=:@%+]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
