/** The Base protocol (0x10): discovery, agents, permissions, errors. Versions 1.0, 2.0 and 2.1. */
@NullMarked
package org.scmid.protocol.base;

import org.jspecify.annotations.NullMarked;
