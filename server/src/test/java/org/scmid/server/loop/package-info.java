@NullMarked
package org.scmid.server.loop;

import org.jspecify.annotations.NullMarked;
