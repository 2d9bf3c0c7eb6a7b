/**
 * Puts a board file together from the files that it includes, the templates that it uses and the ranges of names that it
 * has, so that what reads it sees one plain tree.
 */
@NullMarked
package org.scmid.config.assembly;

import org.jspecify.annotations.NullMarked;
