// Signals an eventfd without waiting, whatever its flags are.
package org.scmid.linux;

/**
 * Signals eventfds as the kernel does when an asynchronous operation (io_submit) has ended: it adds 1 without waiting,
 * and does not look at O_NONBLOCK. The operation here is to read nothing from /dev/null, which ends within the call.
 *
 * <p>Writing to an eventfd that others have too may always wait: a test of its flags or of its counter can be out of date
 * at once, and eventfds refuse RWF_NOWAIT when they are written.
 *
 * <p>A counter that is full overflows by it: to its reader it is signalled, to epoll it has {@link Epoll#ERR} too.
 */
final class AsyncSignal {
    private static final int QUEUE = 128;
    private static final int ATTEMPTS = 100;
    private static final long CONTEXT = LibC.ioSetup(QUEUE);
    private static final int NULL_FILE = LibC.open("/dev/null", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);

    private AsyncSignal() {}

    /** Whether it can be had; if not, it never can in this process. */
    static boolean available() {
        return CONTEXT > 0 && NULL_FILE >= 0;
    }

    /**
     * Adds 1. Any thread.
     *
     * @return 1, or minus the errno: EINVAL if it is not an eventfd, EAGAIN if the kernel lacks memory
     */
    static int signal(int eventFd) {
        int result = LibC.ioSubmit(CONTEXT, NULL_FILE, eventFd);
        for (int attempt = 0; result == -Errno.EAGAIN && attempt < ATTEMPTS; attempt++) {
            // The queue is full of operations that ended long since. Another thread may have been quicker to fill it.
            LibC.ioForget(CONTEXT);
            result = LibC.ioSubmit(CONTEXT, NULL_FILE, eventFd);
        }
        return result;
    }
}
