/** The Performance protocol. */
@NullMarked
package org.scmid.server.core.performance;

import org.jspecify.annotations.NullMarked;
