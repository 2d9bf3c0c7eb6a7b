/** The management API: health, metrics and the clocks, over HTTP on loopback. */
@NullMarked
package org.scmid.server.management;

import org.jspecify.annotations.NullMarked;
