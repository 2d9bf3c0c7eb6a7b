// Something that a guest needs is missing or failed.
package org.scmid.server.guest;

/** A guest cannot be prepared or booted; the message says what is missing and what helps. */
public final class GuestException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The message is for the user. */
    public GuestException(String message) {
        super(message);
    }
}
