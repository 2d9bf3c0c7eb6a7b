/** Supplies and their levels: what may be written, their records, their reading. */
@NullMarked
package org.scmid.config.voltage;

import org.jspecify.annotations.NullMarked;
