/** Tests of the package of the same name. */
@NullMarked
package org.scmid.transport.vhostuser;

import org.jspecify.annotations.NullMarked;
