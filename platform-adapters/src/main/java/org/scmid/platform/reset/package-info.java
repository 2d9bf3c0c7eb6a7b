// Resets: how they are asserted and released.
@NullMarked
package org.scmid.platform.reset;

import org.jspecify.annotations.NullMarked;
