/**
 * The doorbells of a window that is an ivshmem device: this program is the ivshmem server of each such window. It is told
 * when the peer rings, and rings the peer; what the memory holds is not its affair.
 */
@NullMarked
package org.scmid.transport.ivshmem;

import org.jspecify.annotations.NullMarked;
