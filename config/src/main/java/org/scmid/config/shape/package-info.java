/**
 * Descriptions of what may be written: keys with types, defaults and meanings, from which files are read, mistakes are
 * corrected, and the JSON schemas are made.
 */
@NullMarked
package org.scmid.config.shape;

import org.jspecify.annotations.NullMarked;
