/**
 * What a message costs. {@link org.scmid.benchmarks.Main} runs the measurements: of the core, of the ring, and of a whole
 * service behind its vhost-user socket.
 */
@NullMarked
package org.scmid.benchmarks;

import org.jspecify.annotations.NullMarked;
