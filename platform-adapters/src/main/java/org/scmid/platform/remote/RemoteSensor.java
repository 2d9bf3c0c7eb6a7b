// A sensor of another platform.
package org.scmid.platform.remote;

/** A sensor of another platform, which is asked by messages. For the loop's thread. */
public interface RemoteSensor {
    /**
     * Asks for all its values. The sink is told once, before this returns or later, in a bounded time. Not called again
     * before that.
     */
    void read(Sink sink);

    /** Takes values. */
    interface Sink {
        /**
         * What was read, each value in 10^scale of its unit.
         *
         * @param values from index 0, one for each channel that the platform said it has; valid during the call
         */
        void values(long[] values);

        /** It could not be read. */
        void failed();
    }
}
