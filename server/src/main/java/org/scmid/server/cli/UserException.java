// Something that the user can mend.
package org.scmid.server.cli;

/** A command cannot do its work; the message tells the user what is wrong and what helps. */
final class UserException extends Exception {
    private static final long serialVersionUID = 1L;

    UserException(String message) {
        super(message);
    }
}
