/** The System power protocol. */
@NullMarked
package org.scmid.server.core.system;

import org.jspecify.annotations.NullMarked;
