/**
 * Windows of registers, the rules by which they are written, and the fields in them that all kinds of hardware name: what
 * may be written, its records, its reading.
 */
@NullMarked
package org.scmid.config.register;

import org.jspecify.annotations.NullMarked;
