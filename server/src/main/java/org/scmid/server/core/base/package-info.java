/** The Base protocol, and what trusted agents deny to others. */
@NullMarked
package org.scmid.server.core.base;

import org.jspecify.annotations.NullMarked;
