// What configuration files may say one day: the one place to delete a line from when it does.
package org.scmid.config.shape;

import java.util.Set;

/**
 * Words that are part of the file formats but that nothing serves yet. They are refused by name, so that nobody looks
 * for a typing mistake; what becomes supported is removed here and described in its {@link Shape}.
 */
public final class NotYet {
    public static final Set<String> TRANSPORTS = Set.of("serial");
    public static final Set<String> AGENT_KEYS = Set.of("port", "baud");

    private NotYet() {}

    static String message(String what) {
        return what + " is not supported yet";
    }
}
