@NullMarked
package org.scmid.server.core;

import org.jspecify.annotations.NullMarked;
