package org.scmid.server.architecture.broken;

/** Is in the package of no module. */
interface Homeless {}
