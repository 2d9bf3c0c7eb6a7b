/** What all protocols share: tables of commands and the checks in front of them, votes, and whose wish is followed. */
@NullMarked
package org.scmid.server.core.protocol;

import org.jspecify.annotations.NullMarked;
