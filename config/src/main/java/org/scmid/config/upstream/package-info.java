/** The platforms that a board takes resources from: how they are reached, and what is done when they come back. */
@NullMarked
package org.scmid.config.upstream;

import org.jspecify.annotations.NullMarked;
