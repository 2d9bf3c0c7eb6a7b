package org.scmid.server.architecture.broken.server.core;

import org.scmid.server.architecture.broken.server.view.Picture;

/** The core is below the pictures of it. */
abstract class KnowsView {
    abstract Picture picture();
}
