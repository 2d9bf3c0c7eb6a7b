/* The word that switches notifications on and off. */
package org.scmid.protocol.common;

/**
 * The notify_enable word of all commands that switch notifications.
 *
 * <pre>
 * 0     enable
 * 31:1  reserved; INVALID_PARAMETERS if set
 * </pre>
 */
public final class NotifyEnable {
    /** Send notifications from now on. */
    public static final int ENABLE = 1;

    /** Must be 0. */
    public static final int RESERVED = ~ENABLE;

    private NotifyEnable() {}

    /** The word. */
    public static int of(boolean enable) {
        return enable ? ENABLE : 0;
    }

    /** Whether notifications are switched on. */
    public static boolean isEnabled(int word) {
        return (word & ENABLE) != 0;
    }
}
