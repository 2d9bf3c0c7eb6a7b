// Power domains: who wants them on, what they depend on, and how they are switched.
@NullMarked
package org.scmid.platform.power;

import org.jspecify.annotations.NullMarked;
