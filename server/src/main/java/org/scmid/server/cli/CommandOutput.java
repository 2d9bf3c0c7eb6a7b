// Standard output that remembers whether all of it was written.
package org.scmid.server.cli;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what a command prints. Printing never fails, so what could not be written would be lost without a word, and
 * whoever redirected it would take a part for the whole.
 */
final class CommandOutput extends OutputStream {
    /** Whoever read it wants no more, or closed it on purpose. */
    private static final String GONE = "Broken pipe|Bad file descriptor";

    private final OutputStream to;
    private @Nullable String failure;

    CommandOutput(OutputStream to) {
        this.to = to;
    }

    /** Why not all was written, such as {@code No space left on device}; null if it was, or if nobody wants it. */
    @Nullable
    String failure() {
        return failure;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            to.write(bytes, offset, length);
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            if (failure == null && !reason.matches(GONE)) {
                failure = reason;
            }
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        to.flush();
    }
}
