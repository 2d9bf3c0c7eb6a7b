/** The messages that every SCMI protocol has, and the payloads that several protocols share. */
@NullMarked
package org.scmid.protocol.common;

import org.jspecify.annotations.NullMarked;
