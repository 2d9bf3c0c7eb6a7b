/** The service loop: the one thread that owns all SCMI state and every ring. */
@NullMarked
package org.scmid.server.loop;

import org.jspecify.annotations.NullMarked;
