/** The Power domain protocol (0x11): domains that are on or off. Versions 1.0, 2.0, 2.1, 3.0 and 3.1. */
@NullMarked
package org.scmid.protocol.power;

import org.jspecify.annotations.NullMarked;
