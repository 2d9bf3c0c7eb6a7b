// The device-tree nodes of the protocols whose resources consumers in a guest name by number.
package org.scmid.server.guest;

import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.ProtocolId;

/** One protocol's node below {@code /firmware/scmi}, as the kernel's binding {@code arm,scmi} describes it. */
enum GuestProtocol {
    POWER(
            ProtocolId.POWER,
            ResourceKind.POWER_DOMAIN,
            "scmi_pd",
            "#power-domain-cells",
            "A consumer names a power domain by its number: power-domains = <&scmi_pd NUMBER>;"),
    PERFORMANCE(
            ProtocolId.PERFORMANCE,
            ResourceKind.PERFORMANCE_DOMAIN,
            "scmi_perf",
            "#power-domain-cells",
            "A processor names a performance domain by its number:\n"
                    + "power-domains = <&scmi_perf NUMBER>; power-domain-names = \"perf\";"),
    CLOCK(
            ProtocolId.CLOCK,
            ResourceKind.CLOCK,
            "scmi_clk",
            "#clock-cells",
            "A consumer names a clock by its number: clocks = <&scmi_clk NUMBER>;"),
    SENSOR(
            ProtocolId.SENSOR,
            ResourceKind.SENSOR,
            "scmi_sensor",
            "#thermal-sensor-cells",
            "A thermal zone names a sensor by its number: thermal-sensors = <&scmi_sensor NUMBER>;"),
    RESET(
            ProtocolId.RESET,
            ResourceKind.RESET,
            "scmi_reset",
            "#reset-cells",
            "A consumer names a reset by its number: resets = <&scmi_reset NUMBER>;"),
    VOLTAGE(
            ProtocolId.VOLTAGE,
            ResourceKind.VOLTAGE_DOMAIN,
            "scmi_volt",
            "", // each domain has a node of its own, a regulator
            "A consumer names a voltage domain's regulator: power-supply = <&scmi_reg_NUMBER>;");

    /** The protocol. */
    final ProtocolId protocol;

    /** What consumers name. */
    final ResourceKind kind;

    /** The node's label, by which consumers refer to it. */
    final String label;

    /** The property that says how many cells follow the label; empty if consumers refer to nodes below it. */
    final String cells;

    /** How a consumer names one of the protocol's resources: lines of text. */
    final String use;

    GuestProtocol(ProtocolId protocol, ResourceKind kind, String label, String cells, String use) {
        this.protocol = protocol;
        this.kind = kind;
        this.label = label;
        this.cells = cells;
        this.use = use;
    }
}
