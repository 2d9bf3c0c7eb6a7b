/** The Voltage protocol. */
@NullMarked
package org.scmid.server.core.voltage;

import org.jspecify.annotations.NullMarked;
