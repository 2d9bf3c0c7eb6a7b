package org.scmid.server.architecture.broken.protocol;

import java.lang.foreign.MemorySegment;

/** Foreign memory is for the module linux. */
abstract class UsesForeignMemory {
    abstract MemorySegment memory();
}
