/** Windows of shared memory that carry SCMI: where they are, how both sides tell each other, how large they must be. */
@NullMarked
package org.scmid.config.window;

import org.jspecify.annotations.NullMarked;
