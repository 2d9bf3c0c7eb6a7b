// Where the management API listens.
package org.scmid.config.service;

/**
 * Where the management API listens.
 *
 * @param host a loopback address or {@code localhost}; empty for {@link #NONE}
 * @param port 0 to 65535; 0 lets the system choose one; -1 for {@link #NONE}
 */
public record ManagementSpec(String host, int port) {

    /** Where it listens if the service file does not say: 127.0.0.1:8080. */
    public static final ManagementSpec DEFAULT = new ManagementSpec("127.0.0.1", 8080);

    /** Nowhere: {@code listen: none}. */
    public static final ManagementSpec NONE = new ManagementSpec("", -1);

    /** Whether there is to be a management API at all. */
    public boolean isNone() {
        return port < 0;
    }
}
