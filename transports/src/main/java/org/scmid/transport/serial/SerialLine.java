// A serial line, as the loop sees it.
package org.scmid.transport.serial;

/**
 * Bytes there and back; what is written may arrive changed, in part or not at all. For the loop's thread. It lives once:
 * after {@link Listener#lost} or {@link #close} another one is to be opened.
 */
public interface SerialLine extends AutoCloseable {
    /** How many bytes {@link #write} takes now; 0 while the line is not open. */
    int room();

    /**
     * Sends bytes[from..from+count), soon.
     *
     * @param bytes the caller's again when this returns
     * @param count at most {@link #room}
     */
    void write(byte[] bytes, int from, int count);

    /** Bytes that {@link #room} has when nothing waits to be sent. */
    int capacity();

    /** Ends it, idempotently, without waiting; the listener is not called any more. */
    @Override
    void close();

    /** Who is told what comes. */
    interface Listener {
        /** The line is open from now on. */
        void opened();

        /**
         * Bytes came.
         *
         * @param bytes from index 0, valid during the call
         * @param count from 1
         */
        void received(byte[] bytes, int count);

        /** There is more room than before; at the latest when all was sent. */
        void writable();

        /** It could not be opened, or ends, for this reason; it is closed. */
        void lost(String why);
    }

    /** Opens lines. */
    @FunctionalInterface
    interface Opener {
        /** Begins to open a line; what comes of it the listener is told later, never from within this call. */
        SerialLine open(Listener listener);
    }
}
