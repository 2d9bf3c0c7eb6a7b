package org.scmid.server.architecture.broken.server.stray;

/** Is in a package that has no layer. */
interface Stray {}
