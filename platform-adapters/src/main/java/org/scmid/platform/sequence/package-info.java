// Sequences of register accesses that take time.
@NullMarked
package org.scmid.platform.sequence;

import org.jspecify.annotations.NullMarked;
