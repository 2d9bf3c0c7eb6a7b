/**
 * Files as trees that know where everything was written: YAML, places, what is wrong and how that is said, quantities with
 * units, and where files come from.
 */
@NullMarked
package org.scmid.config.document;

import org.jspecify.annotations.NullMarked;
