/** What a platform offers to us as its agent: what discovery found, and what a file of it says. */
@NullMarked
package org.scmid.config.offer;

import org.jspecify.annotations.NullMarked;
