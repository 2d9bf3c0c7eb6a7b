/** scmid demo: a Linux guest in QEMU shows what it got of a board, or of a microcontroller behind it. */
@NullMarked
package org.scmid.server.demo;

import org.jspecify.annotations.NullMarked;
