/** Tests of the package of the same name. */
@NullMarked
package org.scmid.transport.socket;

import org.jspecify.annotations.NullMarked;
