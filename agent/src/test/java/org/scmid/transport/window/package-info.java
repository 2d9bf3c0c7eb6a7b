/** Tests of the server's side of windows, with the agent's side of {@link org.scmid.agent.frontend.WindowDriver}. */
@NullMarked
package org.scmid.transport.window;

import org.jspecify.annotations.NullMarked;
