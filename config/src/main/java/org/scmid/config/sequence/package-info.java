/** Sequences of register accesses, which switch power domains and resets: what may be written, its record, its reading. */
@NullMarked
package org.scmid.config.sequence;

import org.jspecify.annotations.NullMarked;
