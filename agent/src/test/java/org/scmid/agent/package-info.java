/** Tests of the agent's side. */
@NullMarked
package org.scmid.agent;

import org.jspecify.annotations.NullMarked;
