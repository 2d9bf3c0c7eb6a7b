/** The sensors of a board: where their values come from, when they are read, and what was read last. */
@NullMarked
package org.scmid.platform.sensor;

import org.jspecify.annotations.NullMarked;
