/** What a guest needs to attach: its device-tree overlay, QEMU's options, and the Linux guest of tests and demo. */
@NullMarked
package org.scmid.server.guest;

import org.jspecify.annotations.NullMarked;
