// The device-tree overlay by which an agent's guest finds its SCMI protocols.
package org.scmid.server.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.scmid.config.board.Board;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;
import org.scmid.config.voltage.VoltageDomainSpec;
import org.scmid.protocol.ProtocolId;

/**
 * Writes the overlay that is applied to a guest's device tree: a {@code /firmware/scmi} node, compatible
 * {@code arm,scmi-virtio}, with a child for each protocol that the agent is served. Linux finds the virtio device by
 * itself, by its device ID; only the protocols must be named, since consumers refer to them. A voltage domain has a node
 * of its own, a regulator.
 *
 * <p>The {@code with...} methods add consumers, devices whose drivers Linux has, to see the whole path at work. Their
 * devices in the guest's {@code /sys/devices/platform} are named after the resource's number, which {@link #number}
 * tells.
 *
 * <p>All targets are given by path: QEMU's own device tree carries no symbols.
 */
public final class GuestOverlay {
    /** Long enough for a busy host, short enough that a guest without a service does not hang for a minute. */
    private static final int REPLY_TIMEOUT_MILLIS = 5000;

    /** Slot 0x10 of QEMU's PCI bus: its number is in bits 15..11 of the first cell. */
    private static final String PCI_DEVICE = """
            &{/pcie@10000000} {
            \tscmi@10,0 {
            \t\treg = <0x8000 0x0 0x0 0x0 0x0>;
            \t\tmemory-region = <&scmi_window>;
            \t};
            };
            """;

    /** The last of QEMU's virtio-mmio slots. */
    private static final String MMIO_DEVICE = """
            &{/virtio_mmio@a003e00} {
            \tmemory-region = <&scmi_window>;
            };
            """;

    private final Board board;
    private final AgentSpec agent;
    private final List<String> extra = new ArrayList<>();

    /**
     * The overlay for this agent's guest.
     *
     * @param board the board that the agent is served
     */
    public GuestOverlay(Board board, AgentSpec agent) {
        this.board = board;
        this.agent = agent;
    }

    /**
     * Also makes QEMU's real-time clock, an AMBA PL031, a consumer of one of the agent's clocks: its driver sets a rate
     * and enables the clock.
     *
     * @param clock a name in the agent's view
     * @param rateHz the rate that is assigned before the driver is bound; 1 to 4294967295
     * @throws IllegalArgumentException if the agent does not have this clock
     */
    public GuestOverlay withRealTimeClockOn(String clock, long rateHz) {
        int id = number(ResourceKind.CLOCK, clock);
        extra.add("""
                &{/pl031@9010000} {
                \tclocks = <&scmi_clk %d>;
                \tclock-names = "apb_pclk";
                \tassigned-clocks = <&scmi_clk %d>;
                \tassigned-clock-rates = <%d>;
                };
                """.formatted(id, id, rateHz));
        return this;
    }

    /**
     * Also makes QEMU's real-time clock a consumer of one of the agent's resets: it is deasserted before the driver is
     * bound.
     *
     * @throws IllegalArgumentException if the agent does not have this reset
     */
    public GuestOverlay withRealTimeClockInReset(String reset) {
        extra.add("""
                &{/pl031@9010000} {
                \tresets = <&scmi_reset %d>;
                };
                """.formatted(number(ResourceKind.RESET, reset)));
        return this;
    }

    /**
     * Also adds the device {@code pm-bus-N}, N the domain's number, in one of the agent's power domains. Nothing uses it:
     * the domain is off until {@code on} is written to the device's {@code power/control}, and again after {@code auto}.
     *
     * @throws IllegalArgumentException if the agent does not have this power domain
     */
    public GuestOverlay withBusIn(String powerDomain) {
        return withNode("""
                \tpm-bus-%1$d {
                \t\tcompatible = "simple-pm-bus";
                \t\tpower-domains = <&scmi_pd %1$d>;
                \t};
                """.formatted(number(ResourceKind.POWER_DOMAIN, powerDomain)));
    }

    /**
     * Also adds the device {@code supplied-N}, N the domain's number, whose {@code min_microvolts} and {@code
     * max_microvolts} set the level of one of the agent's voltage domains, once both are written, and switch it on; 0
     * switches it off.
     *
     * @throws IllegalArgumentException if the agent does not have this voltage domain
     */
    public GuestOverlay withSupplyFrom(String voltageDomain) {
        return withNode("""
                \tsupplied-%1$d {
                \t\tcompatible = "regulator-virtual-consumer";
                \t\tdefault-supply = <&scmi_reg_%1$d>;
                \t};
                """.formatted(number(ResourceKind.VOLTAGE_DOMAIN, voltageDomain)));
    }

    /**
     * Also puts the guest's only processor into one of the agent's performance domains, for cpufreq.
     *
     * @throws IllegalArgumentException if the agent does not have this performance domain
     */
    public GuestOverlay withProcessorIn(String performanceDomain) {
        extra.add("""
                &{/cpus/cpu@0} {
                \tpower-domains = <&scmi_perf %d>;
                \tpower-domain-names = "perf";
                };
                """.formatted(number(ResourceKind.PERFORMANCE_DOMAIN, performanceDomain)));
        return this;
    }

    /**
     * Also lets the SCMI device use a window of memory for its rings and buffers, and nothing else: a {@code
     * restricted-dma-pool}, and the device's node, which refers to it. Addresses and sizes have two cells, as on QEMU's
     * board {@code virt}.
     *
     * @param bus where the device is, in the place that {@link QemuOptions} gives it
     */
    public GuestOverlay withWindow(GuestWindow window, QemuOptions.Bus bus) {
        long at = window.guestAddress();
        extra.add("""
                /* All that the guest shares with scmid: the SCMI device's rings and buffers are in this window. */
                &{/} {
                \treserved-memory {
                \t\t#address-cells = <2>;
                \t\t#size-cells = <2>;
                \t\tranges;

                \t\tscmi_window: scmi-window@%x {
                \t\t\tcompatible = "restricted-dma-pool";
                \t\t\treg = <0x%x 0x%x 0x%x 0x%x>;
                \t\t};
                \t};
                };
                """.formatted(at, at >>> 32, at & 0xffff_ffffL, window.size() >>> 32, window.size() & 0xffff_ffffL));
        extra.add(bus == QemuOptions.Bus.PCI ? PCI_DEVICE : MMIO_DEVICE);
        return this;
    }

    private GuestOverlay withNode(String node) {
        extra.add("&{/} {\n" + node + "};\n");
        return this;
    }

    /**
     * The number by which consumers in the guest name a resource.
     *
     * @throws IllegalArgumentException if the agent does not have it
     */
    public int number(ResourceKind kind, String resource) {
        List<Grant> grants = agent.grants(kind);
        for (int id = 0; id < grants.size(); id++) {
            if (grants.get(id).resource().equals(resource)) {
                return id;
            }
        }
        throw new IllegalArgumentException("agent " + agent.name() + " has no " + kind.label() + " " + resource);
    }

    /** The overlay's source text, for {@code dtc}. */
    public String source() {
        var out = new StringBuilder();
        out.append("""
                /*
                 * Device-tree overlay for the guest of agent "%s": it names the SCMI protocols that scmid serves.
                 * Compile and apply it:
                 *   dtc -q -I dts -O dtb -o scmi.dtbo scmi.dtso
                 *   fdtoverlay -i guest.dtb -o guest-scmi.dtb scmi.dtbo
                 */
                /dts-v1/;
                /plugin/;

                &{/} {
                \tfirmware {
                \t\tscmi {
                \t\t\tcompatible = "arm,scmi-virtio";
                \t\t\t#address-cells = <1>;
                \t\t\t#size-cells = <0>;
                \t\t\tarm,max-rx-timeout-ms = <%d>;
                """.formatted(agent.name(), REPLY_TIMEOUT_MILLIS));
        if (agent.systemPower() != null) {
            systemPower(out);
        }
        for (GuestProtocol protocol : GuestProtocol.values()) {
            if (!agent.grants(protocol.kind).isEmpty()) {
                node(protocol, out);
            }
        }
        out.append("\t\t};\n\t};\n};\n");
        for (String fragment : extra) {
            out.append('\n').append(fragment);
        }
        return out.toString();
    }

    private void node(GuestProtocol protocol, StringBuilder out) {
        List<Grant> grants = agent.grants(protocol.kind);
        out.append("\n\t\t\t/*\n");
        protocol.use
                .lines()
                .forEach(line -> out.append("\t\t\t * ").append(line).append('\n'));
        for (int id = 0; id < grants.size(); id++) {
            out.append("\t\t\t *   %d  %s\n".formatted(id, described(grants.get(id))));
        }
        out.append("\t\t\t */\n");
        int number = protocol.protocol.id();
        out.append("\t\t\t%s: protocol@%x {\n\t\t\t\treg = <0x%x>;\n".formatted(protocol.label, number, number));
        if (protocol == GuestProtocol.VOLTAGE) {
            regulators(grants, out);
        } else {
            out.append("\t\t\t\t%s = <1>;\n".formatted(protocol.cells));
        }
        out.append("\t\t\t};\n");
    }

    private static void systemPower(StringBuilder out) {
        out.append("""

                \t\t\t/* By it the guest is asked to shut down or to reboot, and may ask for that itself. Nothing names it. */
                \t\t\tprotocol@%1$x {
                \t\t\t\treg = <0x%1$x>;
                \t\t\t};
                """.formatted(ProtocolId.SYSTEM.id()));
    }

    private void regulators(List<Grant> grants, StringBuilder out) {
        out.append("\n\t\t\t\tregulators {\n\t\t\t\t\t#address-cells = <1>;\n\t\t\t\t\t#size-cells = <0>;\n");
        for (int id = 0; id < grants.size(); id++) {
            if (grants.get(id).permission() != Permission.NONE) {
                out.append("\n\t\t\t\t\tscmi_reg_%1$d: regulator@%1$x {\n\t\t\t\t\t\treg = <0x%1$x>;\n".formatted(id));
                constraints(grants.get(id), out);
                out.append("\t\t\t\t\t};\n");
            }
        }
        out.append("\t\t\t\t};\n");
    }

    /** Linux changes nothing for consumers that the tree does not allow. */
    private void constraints(Grant grant, StringBuilder out) {
        VoltageDomainSpec domain = board.voltageDomains().get(grant.resource());
        if (domain == null) {
            return;
        }
        // Linux has no regulators below 0 V.
        if (grant.permits(Control.LEVEL)
                && domain.levels().count() > 1
                && domain.levels().lowest() >= 0) {
            out.append("\t\t\t\t\t\tregulator-min-microvolt = <%d>;\n"
                    .formatted(domain.levels().lowest()));
            out.append("\t\t\t\t\t\tregulator-max-microvolt = <%d>;\n"
                    .formatted(domain.levels().highest()));
        }
        // Linux switches such a one on when it finds it, and has no regulator if that is denied.
        if (grant.permits(Control.STATE) && domain.enable() == null) {
            out.append("\t\t\t\t\t\tregulator-always-on;\n");
        }
    }

    /** How a comment names what the agent was given. */
    static String described(Grant grant) {
        // A name could hold the end of a comment; it is shown, not parsed.
        String name = grant.resource().replace("*/", "* /");
        return switch (grant.permission()) {
            case CONTROL -> grant.isPartial() ? name + " (" + words(grant) + " only)" : name;
            case NONE -> "(not for this guest)";
            case READ, NOTIFY -> name + " (" + lowerCase(grant.permission()) + ")";
        };
    }

    private static String words(Grant grant) {
        return grant.controls().stream()
                .sorted()
                .map(control -> control.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static String lowerCase(Permission permission) {
        return permission == Permission.READ ? "read only" : "read and notify only";
    }
}
