// What touches hardware. The registers are in .register, the clocks that they control in .clock.
@NullMarked
package org.scmid.platform;

import org.jspecify.annotations.NullMarked;
