// How far a request has come when the call returns.
package org.scmid.platform.power;

/** How far a request has come when the call returns. */
public enum Progress {
    /** It is done, or nothing was to be done, or the domain will go off when it is in use no more. */
    DONE,

    /** Hardware did not do it. */
    FAILED,

    /** It takes time; the listener is told. */
    STARTED
}
