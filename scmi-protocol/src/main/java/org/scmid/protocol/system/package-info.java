/** The System power protocol: shutdown, resets and suspend of a whole system. */
@NullMarked
package org.scmid.protocol.system;

import org.jspecify.annotations.NullMarked;
