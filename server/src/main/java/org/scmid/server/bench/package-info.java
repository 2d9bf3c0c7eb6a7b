/** What {@code scmid bench} does: a front end that loads any virtio-scmi back end, and measures and checks its replies. */
@NullMarked
package org.scmid.server.bench;

import org.jspecify.annotations.NullMarked;
