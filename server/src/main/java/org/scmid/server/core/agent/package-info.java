/** One agent: its channel, its commands and what it asked of hardware, what it sees, what it is told, what is counted of it. */
@NullMarked
package org.scmid.server.core.agent;

import org.jspecify.annotations.NullMarked;
