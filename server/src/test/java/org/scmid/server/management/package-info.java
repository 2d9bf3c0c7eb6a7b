/** Tests of the management API. */
@NullMarked
package org.scmid.server.management;

import org.jspecify.annotations.NullMarked;
