/** Tests of what a guest needs to attach. */
@NullMarked
package org.scmid.server.guest;

import org.jspecify.annotations.NullMarked;
