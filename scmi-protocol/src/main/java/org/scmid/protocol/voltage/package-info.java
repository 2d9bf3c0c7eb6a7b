/** The Voltage protocol: supplies whose level and state agents set. */
@NullMarked
package org.scmid.protocol.voltage;

import org.jspecify.annotations.NullMarked;
