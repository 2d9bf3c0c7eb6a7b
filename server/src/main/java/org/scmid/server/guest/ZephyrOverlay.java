// The devicetree overlay by which a Zephyr guest finds its agent's window and the protocols behind it.
package org.scmid.server.guest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.TransportSpec;
import org.scmid.config.window.RegionSpec;
import org.scmid.protocol.ProtocolId;

/**
 * Writes the overlay for an application that uses the Zephyr module in guests/zephyr. The window's node is the transport
 * of Zephyr's SCMI subsystem, compatible {@code scmid,scmi-ring} or {@code scmid,scmi-fat-virtqueue}; its children are the
 * protocols that Zephyr has drivers for. The window is either the memory of an ivshmem device, as {@link IvshmemOptions}
 * attach it, or at a fixed address: that which the service file gives as {@code guest-address}, or that of physical
 * memory.
 */
public final class ZephyrOverlay {
    private final AgentSpec agent;
    private final TransportSpec.Window window;

    /**
     * The overlay for this agent's guest.
     *
     * @param window its transport
     * @throws GuestException if the service file does not tell where the guest finds the window; the message says what
     *     to write
     */
    public ZephyrOverlay(AgentSpec agent, TransportSpec.Window window) throws GuestException {
        this.agent = agent;
        this.window = window;
        if (window.region().location() instanceof RegionSpec.Uio uio
                && window.region().guestAddress() == 0) {
            throw new GuestException("the service file does not say where the guest finds " + uio.shown()
                    + "; write that address into `region`, as `guest-address`");
        }
    }

    /** The overlay's source text, for Zephyr's build. */
    public String source() {
        var out = new StringBuilder();
        out.append("""
                /*
                 * Devicetree overlay for the Zephyr guest of agent "%s", for the module in guests/zephyr:
                 *   west build ... -- -DDTC_OVERLAY_FILE=scmi.overlay
                %s */
                / {
                """.formatted(agent.name(), advice()));
        Long address = address();
        if (address == null) {
            out.append("""
                    \tivshmem {
                    \t\tcompatible = "qemu,ivshmem";
                    \t\tvendor-id = <0x1af4>;
                    \t\tdevice-id = <0x1110>;
                    \t\tstatus = "okay";
                    \t};

                    """);
            node("\t", "scmi: scmi", "ivshmem;\n", out);
        } else {
            out.append("\tsoc {\n");
            node("\t\t", "scmi: scmi@" + Long.toHexString(address), place(address), out);
            out.append("\t};\n");
        }
        return out.append("};\n").toString();
    }

    /** Where the guest finds the window; null if it is a device's memory. */
    private @Nullable Long address() {
        RegionSpec region = window.region();
        if (region.guestAddress() != 0) {
            return region.guestAddress();
        }
        return region.location() instanceof RegionSpec.Physical it ? (Long) (it.address() + region.offset()) : null;
    }

    private String advice() {
        if (address() == null) {
            return " * It needs the options of samples/clocks/ivshmem.conf there.\n";
        }
        return window.region().guestAddress() == 0
                ? " * The address is the host's: change it if the guest has this memory at another.\n"
                : "";
    }

    private String place(long address) {
        String reg = "reg = <%s %s>;\n"
                .formatted(cells(address), cells(window.region().size()));
        return window.region().guestAddress() == 0 ? reg : reg + "guest-address = <" + cells(address) + ">;\n";
    }

    private static String cells(long number) {
        return "0x%x 0x%x".formatted(number >>> 32, number & 0xffff_ffffL);
    }

    private void node(String indent, String name, String place, StringBuilder out) {
        var lines = new ArrayList<String>();
        lines.add("compatible = \"" + compatible() + "\";");
        lines.addAll(place.lines().toList());
        lines.add("#address-cells = <1>;");
        lines.add("#size-cells = <0>;");
        if (agent.systemPower() != null) {
            lines.addAll(child("", ProtocolId.SYSTEM.id(), "arm,scmi-system", ""));
        }
        var others = new ArrayList<String>();
        for (GuestProtocol protocol : GuestProtocol.values()) {
            List<Grant> grants = agent.grants(protocol.kind);
            if (grants.isEmpty()) {
                continue;
            }
            String driver = driver(protocol);
            if (driver.isEmpty()) {
                others.add(protocol.kind.label() + "s (0x%x)".formatted(protocol.protocol.id()));
            } else {
                lines.add("");
                lines.addAll(comment(protocol, grants));
                lines.addAll(child(protocol.label + ": ", protocol.protocol.id(), driver, protocol.cells));
            }
        }
        if (!others.isEmpty()) {
            lines.add("");
            lines.add("/* Also served, to messages of the application's own: " + String.join(", ", others) + " */");
        }
        out.append(indent).append(name).append(" {\n");
        lines.forEach(
                line -> out.append(line.isEmpty() ? "" : indent + "\t" + line).append('\n'));
        out.append(indent).append("};\n");
    }

    private String compatible() {
        return switch (window) {
            case TransportSpec.VirtioMmio it -> "scmid,scmi-ring";
            case TransportSpec.FatVirtqueue it -> "scmid,scmi-fat-virtqueue";
        };
    }

    private static List<String> comment(GuestProtocol protocol, List<Grant> grants) {
        var lines = new ArrayList<String>(List.of("/*"));
        protocol.use.lines().forEach(line -> lines.add(" * " + line));
        for (int id = 0; id < grants.size(); id++) {
            lines.add(" *   " + id + "  " + GuestOverlay.described(grants.get(id)));
        }
        lines.add(" */");
        return lines;
    }

    private static List<String> child(String label, int number, String compatible, String cells) {
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("%sprotocol@%x {".formatted(label, number));
        lines.add("\tcompatible = \"" + compatible + "\";");
        lines.add("\treg = <0x%x>;".formatted(number));
        if (!cells.isEmpty()) {
            lines.add("\t" + cells + " = <1>;");
        }
        lines.add("};");
        return label.isEmpty() ? lines : lines.subList(1, lines.size());
    }

    /** What Zephyr's binding for the protocol is compatible with; empty if it has none that takes a number. */
    private static String driver(GuestProtocol protocol) {
        return switch (protocol) {
            case CLOCK -> "arm,scmi-clock";
            case POWER -> "arm,scmi-power";
            case RESET -> "arm,scmi-reset";
            case PERFORMANCE, SENSOR, VOLTAGE -> "";
        };
    }
}
