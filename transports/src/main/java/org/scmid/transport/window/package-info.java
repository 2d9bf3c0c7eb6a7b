/**
 * A window of shared memory as the whole connection to a guest: no VMM in between, no addresses of the guest's RAM. Two
 * layouts, both of version 1: the virtio-mmio ring ({@link org.scmid.transport.window.MmioDevice}), a virtio-mmio device
 * whose registers are passive memory, and the fat virtqueue ({@link org.scmid.transport.window.FatDevice}), two rings
 * with their payload in fixed slots. {@link org.scmid.transport.window.ControlBlock} is common to both, and so is the
 * session of driver and server that its epochs define ({@link org.scmid.transport.window.WindowTransport}).
 *
 * <p>The window is the guest's to scribble on at any time: each of its fields is loaded once, what the server publishes
 * it keeps in private, and nothing outside the window is ever mapped.
 */
@NullMarked
package org.scmid.transport.window;

import org.jspecify.annotations.NullMarked;
