/** Asks a platform for everything that it offers. */
@NullMarked
package org.scmid.upstream.discovery;

import org.jspecify.annotations.NullMarked;
