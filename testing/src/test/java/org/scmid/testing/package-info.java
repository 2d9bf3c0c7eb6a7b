/** Tests of what tests use. */
@NullMarked
package org.scmid.testing;

import org.jspecify.annotations.NullMarked;
