/** All protocols together: their tables of messages, and any message as text. */
@NullMarked
package org.scmid.protocol.catalogue;

import org.jspecify.annotations.NullMarked;
