/** The Power domain protocol. */
@NullMarked
package org.scmid.server.core.power;

import org.jspecify.annotations.NullMarked;
