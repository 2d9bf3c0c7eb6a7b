/** Tests of the serial line's frames, packets and sessions, with both its ends. */
@NullMarked
package org.scmid.transport.serial;

import org.jspecify.annotations.NullMarked;
