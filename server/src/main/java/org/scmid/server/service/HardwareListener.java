// Who is told of what hardware does.
package org.scmid.server.service;

import org.scmid.platform.driver.ClockListener;
import org.scmid.platform.driver.PerformanceListener;
import org.scmid.platform.driver.PowerListener;
import org.scmid.platform.driver.SensorListener;

/** Is told of everything that changes, of every kind. */
public interface HardwareListener extends ClockListener, PowerListener, SensorListener, PerformanceListener {}
