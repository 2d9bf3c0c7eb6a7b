package org.scmid.server.architecture.broken.server.view;

/** Is known by the core, which is below. */
public interface Picture {}
