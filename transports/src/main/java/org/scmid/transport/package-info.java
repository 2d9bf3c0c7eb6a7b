/**
 * What carries SCMI messages between agents and the server. Here are the contracts between a transport and its two
 * neighbours: {@link org.scmid.loop.EventLoop}, which calls it, and {@link org.scmid.transport.AgentPort}, which it
 * calls.
 */
@NullMarked
package org.scmid.transport;

import org.jspecify.annotations.NullMarked;
