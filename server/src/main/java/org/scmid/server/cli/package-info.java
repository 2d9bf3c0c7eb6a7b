/** The {@code scmid} command. */
@NullMarked
package org.scmid.server.cli;

import org.jspecify.annotations.NullMarked;
