/** The plain socket transport, for tools and tests: SCMI messages on a Unix stream socket, each after its length. */
@NullMarked
package org.scmid.transport.socket;

import org.jspecify.annotations.NullMarked;
