/**
 * The vhost-user back end (QEMU, docs/interop/vhost-user) of a virtio-scmi device: a VMM hands over its guest's memory
 * and rings through a Unix socket, and this serves them.
 */
@NullMarked
package org.scmid.transport.vhostuser;

import org.jspecify.annotations.NullMarked;
