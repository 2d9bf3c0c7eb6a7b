// Why a window of registers cannot be used.
package org.scmid.platform.register;

import java.io.IOException;

/** A window of registers cannot be opened. The message names the window, what is wrong and what helps. */
public final class WindowException extends IOException {
    private static final long serialVersionUID = 1L;

    WindowException(String window, String text) {
        super("register window " + window + ": " + text);
    }

    WindowException(String window, String text, Throwable cause) {
        super("register window " + window + ": " + text, cause);
    }

    /** What is wrong, for the user: {@code register window NAME: ...}; never null. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
