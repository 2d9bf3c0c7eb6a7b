/**
 * The other side: a VMM's front end and a guest's driver in one, for tests and for measuring any virtio-scmi back end.
 * It trusts the back end no more than it must to report what went wrong.
 */
@NullMarked
package org.scmid.agent.frontend;

import org.jspecify.annotations.NullMarked;
