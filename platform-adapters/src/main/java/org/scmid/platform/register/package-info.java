// Windows of registers, however they are reached: memory of the service, a mapped file, physical memory, a UIO device,
// a QEMU.
@NullMarked
package org.scmid.platform.register;

import org.jspecify.annotations.NullMarked;
