/* Whether a platform must implement a message. */
package org.scmid.protocol;

/** Whether a platform that implements a protocol must implement a message of it. */
public enum Presence {
    /** Every platform answers it, from the version that introduced it. */
    MANDATORY,
    /** A platform may leave it out; MESSAGE_ATTRIBUTES then answers NOT_FOUND. */
    OPTIONAL
}
