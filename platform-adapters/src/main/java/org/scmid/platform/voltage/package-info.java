/** Supplies: their levels, who has them switched on, and the time that they need. */
@NullMarked
package org.scmid.platform.voltage;

import org.jspecify.annotations.NullMarked;
