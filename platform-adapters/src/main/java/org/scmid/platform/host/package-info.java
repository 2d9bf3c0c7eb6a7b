/** What the host's own kernel measures: files of {@code /sys}, and the threads that read them. */
@NullMarked
package org.scmid.platform.host;

import org.jspecify.annotations.NullMarked;
