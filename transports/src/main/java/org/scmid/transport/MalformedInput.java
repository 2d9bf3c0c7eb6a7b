package org.scmid.transport;

/** What a guest or a peer process did wrong; the server counts by these. */
public enum MalformedInput {
    /** A request of fewer than 4 bytes: no SCMI header. Counted by the port. */
    SHORT_REQUEST("short-request"),
    /** A request of more than {@link AgentPort#MAX_MESSAGE} bytes. */
    LONG_REQUEST("long-request"),
    /** A request that is no command, or otherwise not to be answered. Counted by the port. */
    NOT_A_COMMAND("not-a-command"),
    /** The reply did not fit into what the peer has room for. Counted by the port. */
    NO_ROOM_FOR_REPLY("no-room-for-reply"),
    /** A chain of descriptors that the virtio standard forbids: a loop, a bad link, a bad indirect table, wrong order. */
    BAD_CHAIN("bad-chain"),
    /** A descriptor that points outside the memory the peer shared. */
    BAD_ADDRESS("bad-address"),
    /** An event buffer with readable parts or without room for a header. */
    BAD_EVENT_BUFFER("bad-event-buffer"),
    /** An event buffer that nothing that waits for the agent fits into. */
    SMALL_EVENT_BUFFER("small-event-buffer"),
    /** A ring that cannot be believed any more (index too far ahead, head out of range): it is not served until set up again. */
    RING_BROKEN("ring-broken"),
    /** A ring set up at addresses that are misaligned or outside the shared memory, or with a size that is not allowed. */
    BAD_RING_SETUP("bad-ring-setup"),
    /** Shared memory that cannot be used: shorter than declared, overlapping, truncated later. */
    BAD_MEMORY("bad-memory"),
    /** A message of the peer (vhost-user, a frame of a socket, a message on a serial line) that cannot be accepted. */
    BAD_PEER_MESSAGE("bad-peer-message"),
    /** Bytes on a serial line that were to be a frame, and are none. */
    BAD_FRAME("bad-frame"),
    /** A message on a serial line that came before: it was dropped. */
    REPEATED_MESSAGE("repeated-message"),
    /** Messages on a serial line that did not come: those behind them did. */
    LOST_MESSAGES("lost-messages");

    private final String label;

    MalformedInput(String label) {
        this.label = label;
    }

    /** The reason as metrics show it: lower case, with hyphens. */
    public String label() {
        return label;
    }
}
