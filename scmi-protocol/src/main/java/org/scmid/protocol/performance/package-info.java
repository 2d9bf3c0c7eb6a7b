/** The Performance protocol: domains whose level of performance agents set and limit. */
@NullMarked
package org.scmid.protocol.performance;

import org.jspecify.annotations.NullMarked;
