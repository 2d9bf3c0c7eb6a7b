// A back end that cannot be measured.
package org.scmid.server.bench;

/** A back end cannot be reached, or is not what it should be; the message says what is wrong and what helps. */
public final class BenchException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The message is for the user. */
    public BenchException(String message) {
        super(message);
    }
}
