// A platform as those see it who ask it for something.
package org.scmid.upstream;

import org.scmid.agent.Command;
import org.scmid.config.upstream.UpstreamSpec;

/** A platform as those see it who ask it for something: whether it is there, and commands to it. For the loop's thread. */
public interface AskedPlatform {
    /** What the board file says of it. */
    UpstreamSpec spec();

    /** Whether commands can be sent. */
    boolean isUp();

    /** Makes a command to it, to be sent many times; while it is not {@link #isUp up} none of them can be. */
    Command command(Command.Listener told);

    /** Tells somebody what becomes of it, from now on. */
    void listen(UpstreamListener listener);

    /** Whether one more report may be logged about what it does, since it may do it again and again. */
    boolean mayReport();
}
