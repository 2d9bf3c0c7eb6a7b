/** The service loop: the one thread that owns all SCMI state and every ring, as those see it who run on it. */
@NullMarked
package org.scmid.loop;

import org.jspecify.annotations.NullMarked;
