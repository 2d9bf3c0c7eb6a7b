// Why a window of registers cannot be used.
package org.scmid.platform.register;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A window cannot be opened. The message names the window, what is wrong and what helps. */
public final class WindowException extends IOException {
    private static final long serialVersionUID = 1L;

    WindowException(String window, String text) {
        super("register window " + window + ": " + text);
    }

    WindowException(String window, String text, Throwable cause) {
        super("register window " + window + ": " + text, cause);
    }

    private WindowException(@Nullable Throwable cause, String message) {
        super(message, cause);
    }

    /** For a window that need not be of registers: the owner says what it is. */
    static WindowException of(String owner, String text, @Nullable Throwable cause) {
        return new WindowException(cause, owner + ": " + text);
    }

    /** What is wrong, for the user: {@code register window NAME: ...}; never null. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
