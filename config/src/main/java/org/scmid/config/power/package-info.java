/** Power domains: what may be written, their record, their reading. */
@NullMarked
package org.scmid.config.power;

import org.jspecify.annotations.NullMarked;
