// How a failed system call is reported.
package org.scmid.linux;

import java.io.IOException;

/** A system call failed. The message reads {@code connect(/run/x.sock): No such file or directory (ENOENT)}. */
public final class LinuxException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;
    private final String text;

    /**
     * A failure with the text that Linux gives the error number.
     *
     * @param call the call with what it was about, as {@code connect(/run/x.sock)}
     * @param errno the error number, positive
     */
    public LinuxException(String call, int errno) {
        this(call, errno, Errno.text(errno));
    }

    /**
     * A failure with a text that says more than the error number's.
     *
     * @param call the call with what it was about, as {@code bind(/run/x.sock)}
     * @param errno the error number, positive
     * @param text what is wrong, without a full stop
     */
    public LinuxException(String call, int errno, String text) {
        this.call = call;
        this.text = text;
        this.errno = errno;
    }

    /** Never null here: the call, what is wrong, and the errno's name. */
    @Override
    public String getMessage() {
        return call + ": " + text + " (" + Errno.name(errno) + ")";
    }

    /**
     * What failed.
     *
     * @return the call with what it was about, as {@code connect(/run/x.sock)}
     */
    public String call() {
        return call;
    }

    /**
     * Why it failed.
     *
     * @return the error number, one of the constants of {@link Errno} or another
     */
    public int errno() {
        return errno;
    }

    /**
     * Why it failed.
     *
     * @return the error number's name, as "ENOENT"
     */
    public String errnoName() {
        return Errno.name(errno);
    }
}
