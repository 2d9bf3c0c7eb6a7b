/** The Sensor protocol. */
@NullMarked
package org.scmid.server.core.sensor;

import org.jspecify.annotations.NullMarked;
