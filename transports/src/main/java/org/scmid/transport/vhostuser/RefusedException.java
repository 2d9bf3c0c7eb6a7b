// A message of the front end that is not carried out.
package org.scmid.transport.vhostuser;

import org.scmid.transport.MalformedInput;

/** Why a message was refused, what it counts as, and whether the connection can go on without it. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final MalformedInput reason;
    private final boolean survivable;

    private RefusedException(String message, MalformedInput reason, boolean survivable) {
        super(message);
        this.reason = reason;
        this.survivable = survivable;
    }

    /** The two sides no longer agree on the state: without a reply to say so, the connection ends. */
    static RefusedException fatal(String message) {
        return new RefusedException(message, MalformedInput.BAD_PEER_MESSAGE, false);
    }

    /** Shared memory that cannot be used; ends the connection like {@link #fatal}. */
    static RefusedException memory(String message) {
        return new RefusedException(message, MalformedInput.BAD_MEMORY, false);
    }

    /** The connection stays, the ring is not served: ending it would only bring the same guest back again and again. */
    static RefusedException ring(String message) {
        return new RefusedException(message, MalformedInput.BAD_RING_SETUP, true);
    }

    /** Something that was never offered and can be left out. */
    static RefusedException notOffered(String message) {
        return new RefusedException(message, MalformedInput.BAD_PEER_MESSAGE, true);
    }

    MalformedInput reason() {
        return reason;
    }

    boolean survivable() {
        return survivable;
    }
}
