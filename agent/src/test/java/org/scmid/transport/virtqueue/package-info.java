/** Tests of the package of the same name. */
@NullMarked
package org.scmid.transport.virtqueue;

import org.jspecify.annotations.NullMarked;
