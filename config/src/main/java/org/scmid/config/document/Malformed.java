// What is wrong with a single value.
package org.scmid.config.document;

/** What is wrong with a single value: the message continues a sentence that begins with the value. */
public final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    public Malformed(String message) {
        super(message, null, false, false);
    }

    /** The message, which is never missing. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
