// What a platform offers to its agent, as it was discovered.
package org.scmid.config.offer;

import java.util.List;
import org.scmid.config.resource.ResourceKind;

/**
 * What a platform offers to us as its agent. Ids, names and numbers are the platform's own; resources that it listed but
 * did not describe, or whose name another one of their kind has already, are not among them.
 *
 * @param vendor who made it, up to 15 bytes of printable ASCII, may be empty
 * @param subVendor who made it more closely, likewise
 * @param implementationVersion a number of the vendor's, 0 to 2^32 - 1
 * @param clocks its clocks, ascending by id, as all lists here
 * @param powerDomains its power domains
 * @param sensors its sensors
 * @param resets its resets
 * @param voltageDomains its supplies
 * @param performanceDomains its performance domains
 */
public record Offer(
        String vendor,
        String subVendor,
        long implementationVersion,
        List<ClockOffer> clocks,
        List<PowerDomainOffer> powerDomains,
        List<SensorOffer> sensors,
        List<ResetOffer> resets,
        List<VoltageDomainOffer> voltageDomains,
        List<PerformanceDomainOffer> performanceDomains) {

    /** Copies. */
    public Offer {
        clocks = List.copyOf(clocks);
        powerDomains = List.copyOf(powerDomains);
        sensors = List.copyOf(sensors);
        resets = List.copyOf(resets);
        voltageDomains = List.copyOf(voltageDomains);
        performanceDomains = List.copyOf(performanceDomains);
    }

    /** What it offers of a kind. */
    public List<? extends Offered> of(ResourceKind kind) {
        return switch (kind) {
            case CLOCK -> clocks;
            case POWER_DOMAIN -> powerDomains;
            case SENSOR -> sensors;
            case RESET -> resets;
            case VOLTAGE_DOMAIN -> voltageDomains;
            case PERFORMANCE_DOMAIN -> performanceDomains;
        };
    }
}
