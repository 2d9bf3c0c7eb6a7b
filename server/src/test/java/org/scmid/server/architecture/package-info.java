/** The shape of the code that docs/architecture.md describes, checked. */
@NullMarked
package org.scmid.server.architecture;

import org.jspecify.annotations.NullMarked;
