@NullMarked
package org.scmid.server;

import org.jspecify.annotations.NullMarked;
