// The clock tree: rates computed from registers, and changed by writing them in an order that glitches nothing.
@NullMarked
package org.scmid.platform.clock;

import org.jspecify.annotations.NullMarked;
