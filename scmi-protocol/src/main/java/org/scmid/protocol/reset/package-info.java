/** The Reset protocol (0x16): reset lines of devices. Versions 1.0, 2.0, 3.0 and 3.1. */
@NullMarked
package org.scmid.protocol.reset;

import org.jspecify.annotations.NullMarked;
