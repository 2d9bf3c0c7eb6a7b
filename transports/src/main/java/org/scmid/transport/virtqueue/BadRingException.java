// A ring that cannot be served as it was set up.
package org.scmid.transport.virtqueue;

/** The place or the size of a ring is not allowed; the message says which part, what it is and what is allowed. */
public final class BadRingException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message part, value and rule; fit for a log line
     */
    public BadRingException(String message) {
        super(message);
    }
}
