/** Tests of the whole: the real command serves real guests in QEMU, and register bits are read from mapped files. */
@NullMarked
package org.scmid.system;

import org.jspecify.annotations.NullMarked;
