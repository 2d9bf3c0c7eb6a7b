/** What a board has by name: the kinds, what may be a name, and the order of what hangs on one another. */
@NullMarked
package org.scmid.config.resource;

import org.jspecify.annotations.NullMarked;
