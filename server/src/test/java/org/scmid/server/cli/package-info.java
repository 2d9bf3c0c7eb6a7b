/** Tests of the command line. */
@NullMarked
package org.scmid.server.cli;

import org.jspecify.annotations.NullMarked;
