/**
 * What stands between a protocol and whatever realises a resource: a small interface for each kind. The register trees of
 * this module implement them; so may anything else that has resources, such as a platform that is asked by messages.
 *
 * <p>Everything that is asked of a driver, to read or to change something, ends at once, ends later, or fails ({@link
 * org.scmid.platform.driver.Outcome}); who asks is a {@link org.scmid.platform.driver.Waiter}. Everything is called on the
 * service loop's thread. A register that cannot be reached may be reported by an exception: it means {@link
 * org.scmid.platform.driver.Outcome#FAILED}, and why.
 */
@NullMarked
package org.scmid.platform.driver;

import org.jspecify.annotations.NullMarked;
