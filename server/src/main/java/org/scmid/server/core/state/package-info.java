/** What is remembered of agents and of the board, though the service be killed: mapped files that are true at every instant. */
@NullMarked
package org.scmid.server.core.state;

import org.jspecify.annotations.NullMarked;
