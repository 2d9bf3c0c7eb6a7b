/** Tests of the drawings. */
@NullMarked
package org.scmid.server.view;

import org.jspecify.annotations.NullMarked;
