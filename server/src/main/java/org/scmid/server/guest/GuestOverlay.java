// The device-tree overlay by which an agent's guest finds its SCMI protocols.
package org.scmid.server.guest;

import java.util.ArrayList;
import java.util.List;
import org.scmid.config.AgentSpec;
import org.scmid.config.Grant;
import org.scmid.config.Permission;
import org.scmid.config.ResourceKind;

/**
 * Writes the overlay that is applied to a guest's device tree: a {@code /firmware/scmi} node, compatible
 * {@code arm,scmi-virtio}, with a child for each protocol that the agent is served. Linux finds the virtio device by
 * itself, by its device ID; only the protocols must be named, since consumers refer to them.
 *
 * <p>All targets are given by path: QEMU's own device tree carries no symbols.
 */
public final class GuestOverlay {
    /** Long enough for a busy host, short enough that a guest without a service does not hang for a minute. */
    private static final int REPLY_TIMEOUT_MILLIS = 5000;

    private final AgentSpec agent;
    private final List<String> extra = new ArrayList<>();

    /** The overlay for this agent's guest. */
    public GuestOverlay(AgentSpec agent) {
        this.agent = agent;
    }

    /**
     * Also makes QEMU's real-time clock, an AMBA PL031 whose driver Linux has, a consumer of one of the agent's clocks: a
     * driver that sets a rate and enables a clock, to see the whole path at work.
     *
     * @param clock a name in the agent's view
     * @param rateHz the rate that is assigned before the driver is bound; 1 to 4294967295
     * @throws IllegalArgumentException if the agent does not have this clock
     */
    public GuestOverlay withRealTimeClockOn(String clock, long rateHz) {
        int id = clockId(clock);
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

    private int clockId(String clock) {
        for (int id = 0; id < agent.grants(ResourceKind.CLOCK).size(); id++) {
            if (agent.grants(ResourceKind.CLOCK).get(id).resource().equals(clock)) {
                return id;
            }
        }
        throw new IllegalArgumentException("agent " + agent.name() + " has no clock " + clock);
    }

    /** The overlay's source text, for {@code dtc}. */
    public String source() {
        var out = new StringBuilder();
        out.append("""
                /*
                 * Device-tree overlay for the guest of agent "%s": it names the SCMI protocols that scmid serves.
                 * Compile and apply it:
                 *   dtc -I dts -O dtb -o scmi.dtbo scmi.dtso
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
        if (!agent.grants(ResourceKind.CLOCK).isEmpty()) {
            out.append("\n\t\t\t/*\n\t\t\t * A consumer names a clock by its number: clocks = <&scmi_clk NUMBER>;\n");
            for (int id = 0; id < agent.grants(ResourceKind.CLOCK).size(); id++) {
                out.append("\t\t\t *   %d  %s\n"
                        .formatted(
                                id, described(agent.grants(ResourceKind.CLOCK).get(id))));
            }
            out.append("""
                    \t\t\t */
                    \t\t\tscmi_clk: protocol@14 {
                    \t\t\t\treg = <0x14>;
                    \t\t\t\t#clock-cells = <1>;
                    \t\t\t};
                    """);
        }
        out.append("\t\t};\n\t};\n};\n");
        for (String fragment : extra) {
            out.append('\n').append(fragment);
        }
        return out.toString();
    }

    private static String described(Grant grant) {
        // A name could hold the end of a comment; it is shown, not parsed.
        String name = grant.resource().replace("*/", "* /");
        return switch (grant.permission()) {
            case CONTROL -> name;
            case NONE -> "(not for this guest)";
            case READ, NOTIFY -> name + " (" + lowerCase(grant.permission()) + ")";
        };
    }

    private static String lowerCase(Permission permission) {
        return permission == Permission.READ ? "read only" : "read and notify only";
    }
}
