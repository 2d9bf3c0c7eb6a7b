/**
 * The core: agents, the path of a command from its header to the clock tree, what is remembered of an agent, and what is
 * counted. Everything runs on the service loop's thread unless a method says otherwise.
 */
@NullMarked
package org.scmid.server.core;

import org.jspecify.annotations.NullMarked;
