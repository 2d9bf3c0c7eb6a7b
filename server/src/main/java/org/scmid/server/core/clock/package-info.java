/** The Clock protocol. */
@NullMarked
package org.scmid.server.core.clock;

import org.jspecify.annotations.NullMarked;
