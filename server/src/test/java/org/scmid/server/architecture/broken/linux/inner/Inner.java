package org.scmid.server.architecture.broken.linux.inner;

import org.scmid.server.architecture.broken.linux.Outer;

/** Uses a package that uses this one. */
public abstract class Inner {
    abstract Outer outer();
}
