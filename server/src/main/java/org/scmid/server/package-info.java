/**
 * The SCMI service: {@code core} is what messages mean, {@code service} puts a running service together, the other
 * packages show it, ask it, measure it and start it.
 */
@NullMarked
package org.scmid.server;

import org.jspecify.annotations.NullMarked;
