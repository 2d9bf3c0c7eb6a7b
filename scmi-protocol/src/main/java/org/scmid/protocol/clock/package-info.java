/** The Clock protocol (0x14): rates, gates, parents. Versions 1.0, 2.0 and 3.0. */
@NullMarked
package org.scmid.protocol.clock;

import org.jspecify.annotations.NullMarked;
