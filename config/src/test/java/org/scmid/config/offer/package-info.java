/** Tests of files that say what a platform offers. */
@NullMarked
package org.scmid.config.offer;

import org.jspecify.annotations.NullMarked;
