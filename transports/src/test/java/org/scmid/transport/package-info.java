/** Tests of what the transports share; each transport is tested with its other end, in the agent's module. */
@NullMarked
package org.scmid.transport;

import org.jspecify.annotations.NullMarked;
