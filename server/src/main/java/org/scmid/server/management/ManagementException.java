// The management API cannot be offered.
package org.scmid.server.management;

/** The management API cannot listen; the message says where and why. */
public final class ManagementException extends Exception {
    private static final long serialVersionUID = 1L;

    ManagementException(String message) {
        super(message);
    }
}
