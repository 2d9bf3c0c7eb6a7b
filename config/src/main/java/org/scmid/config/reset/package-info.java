/** Reset lines: what may be written, their record, their reading. */
@NullMarked
package org.scmid.config.reset;

import org.jspecify.annotations.NullMarked;
