/** Tests of the ivshmem server with peers of our own. */
@NullMarked
package org.scmid.transport.ivshmem;

import org.jspecify.annotations.NullMarked;
