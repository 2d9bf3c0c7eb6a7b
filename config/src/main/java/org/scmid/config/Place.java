// Where in a file something was written.
package org.scmid.config;

/**
 * A position in a configuration file.
 *
 * @param file the file as the user named it, or {@code built-in:NAME} for a file that is shipped inside the program
 * @param line line, counted from 1; 1 if the problem is the file as a whole
 * @param column column in characters, counted from 1
 */
public record Place(String file, int line, int column) {

    /** {@code file:line:column}, which editors and terminals turn into a link. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
