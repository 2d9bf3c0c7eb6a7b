/** A whole service, put together: a board's hardware, the protocols over it, agents with their transports, and the loop. */
@NullMarked
package org.scmid.server.service;

import org.jspecify.annotations.NullMarked;
