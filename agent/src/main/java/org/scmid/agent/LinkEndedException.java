// The platform is gone, or has broken the rules of the link.
package org.scmid.agent;

import org.scmid.linux.LinuxException;

/** Why a link ends; the message is for people. */
final class LinkEndedException extends Exception {
    private static final long serialVersionUID = 1L;

    LinkEndedException(String why) {
        super(why);
    }

    LinkEndedException(LinuxException why) {
        super(String.valueOf(why.getMessage()), why);
    }
}
