/** What tests of transports share: a small loop, and a port that records. */
@NullMarked
package org.scmid.transport;

import org.jspecify.annotations.NullMarked;
