// A register that cannot be read or written now.
package org.scmid.platform.register;

/**
 * A register cannot be read or written: what it is reached by does not answer, or hardware does not do what it should.
 * Whoever asked for it gets HARDWARE_ERROR; the next access is tried anew.
 */
public final class RegisterAccessException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param text what is wrong, beginning with what cannot be reached */
    public RegisterAccessException(String text) {
        super(text);
    }

    /** @param text what is wrong, beginning with what cannot be reached */
    public RegisterAccessException(String text, Throwable cause) {
        super(text, cause);
    }
}
