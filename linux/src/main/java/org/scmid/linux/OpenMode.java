// What a file is opened for.
package org.scmid.linux;

/** What a file is opened for. */
public enum OpenMode {
    /** Reading; a mapping of it cannot be written. */
    READ_ONLY,
    /** Reading and writing. */
    READ_WRITE
}
