/** Tests of the measuring front end, and back ends to try it on. */
@NullMarked
package org.scmid.server.bench;

import org.jspecify.annotations.NullMarked;
