// How a reading of a sensor went on.
package org.scmid.platform.sensor;

/** How a reading of a sensor went on. */
public enum ReadOutcome {
    /** The values are there. */
    DONE,
    /** It takes time; the listener will be told. */
    PENDING,
    /** The hardware cannot be read. */
    FAILED
}
