// What touches hardware. What protocols may ask of it is in .driver; .register has the registers, and a package for
// each kind what they control, such as .clock.
@NullMarked
package org.scmid.platform;

import org.jspecify.annotations.NullMarked;
