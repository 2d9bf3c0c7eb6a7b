// A guest that exchanges messages with a service, by one transport or another.
package org.scmid.benchmarks;

import java.io.IOException;

/** The guest's side of a measurement from end to end. For one thread. */
interface GuestLink extends AutoCloseable {
    /** Sends so many commands at once, and returns when all are answered. Allocates nothing. */
    void exchange(int depth) throws IOException;

    /** Throws unless the last reply is a success. */
    void checkLastReply();

    @Override
    void close() throws IOException;
}
