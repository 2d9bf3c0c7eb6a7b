package org.scmid.server.architecture.broken.linux;

import org.scmid.server.architecture.broken.linux.inner.Inner;

/** Uses a package that uses this one; but foreign memory is allowed here. */
public abstract class Outer {
    abstract Inner inner();

    abstract java.lang.foreign.Arena arena();
}
