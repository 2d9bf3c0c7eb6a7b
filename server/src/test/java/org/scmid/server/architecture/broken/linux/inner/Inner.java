package org.scmid.server.architecture.broken.linux.inner;

/** Uses a package that uses this one. */
public abstract class Inner {
    abstract Outer outer();
}
