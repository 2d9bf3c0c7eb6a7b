/** The agent's side of SCMI: commands to a platform that is not trusted, on the event loop. */
@NullMarked
package org.scmid.agent;

import org.jspecify.annotations.NullMarked;
