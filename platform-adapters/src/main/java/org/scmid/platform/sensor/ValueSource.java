// The one seam between sensors and what measures.
package org.scmid.platform.sensor;

/** Where the values of a sensor without axes, or of one axis, come from. */
interface ValueSource {
    /**
     * Starts to read one value. The sink is told once: before this returns, or later on the loop's thread. Nothing that
     * goes wrong is thrown, it is told to the sink. Not called again before the sink was told, unless the sink gave up
     * waiting; what is told for a ticket that is not the newest is ignored.
     *
     * @param ticket is given to the sink with the value
     */
    void read(ValueSink sink, int ticket);

    /** Takes values. */
    interface ValueSink {
        /** @param value in 10^scale of the unit */
        void value(int ticket, long value);

        /** It could not be read. */
        void failed(int ticket);
    }
}
