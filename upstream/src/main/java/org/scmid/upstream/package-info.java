/** Platforms that are asked as an agent: how they are reached, whether they are there, and what they offer. */
@NullMarked
package org.scmid.upstream;

import org.jspecify.annotations.NullMarked;
