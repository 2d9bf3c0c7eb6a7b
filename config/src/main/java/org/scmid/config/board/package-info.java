/** A board as a whole, made of what each kind of hardware reads, and which board is for a machine. */
@NullMarked
package org.scmid.config.board;

import org.jspecify.annotations.NullMarked;
