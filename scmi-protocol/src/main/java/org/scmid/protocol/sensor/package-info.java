/** The Sensor protocol: values, trip points, continuous updates. */
@NullMarked
package org.scmid.protocol.sensor;

import org.jspecify.annotations.NullMarked;
