/** Tests of the other side. */
@NullMarked
package org.scmid.agent.frontend;

import org.jspecify.annotations.NullMarked;
