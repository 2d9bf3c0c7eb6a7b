/** Performance domains and their levels: what may be written, their records, their reading. */
@NullMarked
package org.scmid.config.performance;

import org.jspecify.annotations.NullMarked;
