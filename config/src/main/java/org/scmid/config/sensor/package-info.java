/** Sensors, and where their values come from: what may be written, their records, their reading. */
@NullMarked
package org.scmid.config.sensor;

import org.jspecify.annotations.NullMarked;
