/** What tests found out about every message, and the document that says so. */
@NullMarked
package org.scmid.server.conformance;

import org.jspecify.annotations.NullMarked;
