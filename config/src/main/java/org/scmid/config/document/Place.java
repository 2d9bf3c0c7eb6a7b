// Where in a file something was written.
package org.scmid.config.document;

import org.jspecify.annotations.Nullable;

/**
 * A position in a configuration file.
 *
 * @param file the file as the user named it, or {@code built-in:NAME} for a file that is shipped inside the program
 * @param line line, counted from 1; 1 if the problem is the file as a whole
 * @param column column in characters, counted from 1
 * @param repetition what was written here stands for several things, and this is for one of them; null if it stands for
 *     itself
 */
public record Place(
        String file, int line, int column, @Nullable Repetition repetition) {

    /**
     * One of the things that something written once stands for.
     *
     * @param template the template that it is written in; null if it is a range of names
     * @param use where the thing is that it is used for
     */
    public record Repetition(@Nullable String template, Place use) {}

    /** The place of what stands for itself. */
    public Place(String file, int line, int column) {
        this(file, line, column, null);
    }

    /** The same position, for one of the things that are made of what is there. */
    public Place repeated(Repetition of) {
        return new Place(file, line, column, of);
    }

    /** The position alone. */
    public Place position() {
        return repetition == null ? this : new Place(file, line, column);
    }

    /** How a message at another place names this one: {@code line 12}, or all of it if that is in another file. */
    public String seenFrom(Place other) {
        return file.equals(other.file) ? "line " + line : toString();
    }

    /** {@code file:line:column}, which editors and terminals turn into a link. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
