/**
 * Linux system calls as typed verbs: sockets that pass file descriptors, mappings, eventfd, epoll.
 *
 * <p>The one place of the project with java.lang.foreign; none of its types is in the public API. A call that would
 * block, or that was interrupted, says so by its result; every other failure is a
 * {@link org.scmid.linux.LinuxException} that names the call and the errno. Every descriptor is close-on-exec. Works on
 * x86-64 and aarch64.
 *
 * <p>Objects here are not safe for use by several threads at once, but for {@link org.scmid.linux.Mapping} (as far as
 * memory is), {@link org.scmid.linux.EventFd} and closing an {@link org.scmid.linux.Fd}.
 */
@NullMarked
package org.scmid.linux;

import org.jspecify.annotations.NullMarked;
