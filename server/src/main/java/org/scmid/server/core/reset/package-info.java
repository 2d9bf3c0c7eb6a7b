/** The Reset protocol. */
@NullMarked
package org.scmid.server.core.reset;

import org.jspecify.annotations.NullMarked;
