/** What the tests of several modules use. */
@NullMarked
package org.scmid.testing;

import org.jspecify.annotations.NullMarked;
