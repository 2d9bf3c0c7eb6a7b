/** Performance domains: a clock and the supply that it needs, changed together from level to level. */
@NullMarked
package org.scmid.platform.performance;

import org.jspecify.annotations.NullMarked;
