/** Serial lines: what a service file's agents and a board file's upstreams may say of one, its record, its reading. */
@NullMarked
package org.scmid.config.serial;

import org.jspecify.annotations.NullMarked;
