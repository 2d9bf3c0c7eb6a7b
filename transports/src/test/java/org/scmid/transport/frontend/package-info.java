/** Tests of the other side. */
@NullMarked
package org.scmid.transport.frontend;

import org.jspecify.annotations.NullMarked;
