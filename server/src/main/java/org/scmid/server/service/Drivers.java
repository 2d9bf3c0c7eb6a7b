// What realises a board's resources.
package org.scmid.server.service;

import java.util.List;
import org.scmid.platform.driver.ClockDriver;
import org.scmid.platform.driver.PerformanceDriver;
import org.scmid.platform.driver.PowerDriver;
import org.scmid.platform.driver.ResetDriver;
import org.scmid.platform.driver.SensorDriver;
import org.scmid.platform.driver.VoltageDriver;

/**
 * What realises a board's resources: for each kind one driver a resource, in the board's order. The protocols know nothing
 * else of hardware, so drivers of different origin may stand side by side.
 */
public record Drivers(
        List<? extends ClockDriver> clocks,
        List<? extends PowerDriver> powerDomains,
        List<? extends SensorDriver> sensors,
        List<? extends ResetDriver> resets,
        List<? extends VoltageDriver> supplies,
        List<? extends PerformanceDriver> performanceDomains) {}
