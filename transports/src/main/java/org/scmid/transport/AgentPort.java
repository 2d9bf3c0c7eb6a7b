package org.scmid.transport;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.PeerIdentity;

/**
 * The server's side of one agent, as its transport sees it. The server's core implements it, once per agent; every call
 * comes on the service loop's thread.
 *
 * <p>Order of calls: {@link #peerConnected}, then any number of ({@link #guestReset} or
 * {@link #sessionBegan}) {@link #attached} ...
 * {@link #detached}, then {@link #peerGone}. A window of shared memory, whose guest no process speaks for, comes without
 * {@link #peerConnected} and {@link #peerGone}. {@link #execute} and {@link #flushEvents} come only between
 * {@link #attached} and {@link #detached}. {@link #guestReset} never comes within {@link #execute}.
 */
public interface AgentPort {
    /** Longest message in bytes, SCMI header included, either way; a longer request is malformed. */
    int MAX_MESSAGE = 4096;

    /** What {@link #execute} returns if the reply comes later, by {@link ReplyListener#replyReady}. */
    int DEFERRED = -1;

    /** The agent's name in configuration: transports put it in front of their log lines. */
    String name();

    /**
     * Runs one command and writes its reply. The arrays are the transport's and are only valid during the call, or, if
     * the reply is deferred, until it is ready or {@link #detached} comes; the transport leaves both untouched so long.
     *
     * <p>While a reply is outstanding, no further execute comes for this agent; the commands behind it wait. Events flow,
     * and other agents do not notice.
     *
     * @param request header and payload in request[0..requestLength), a private copy
     * @param requestLength 0..{@link #MAX_MESSAGE}; the transport does not look into the message
     * @param reply receives header, status, return values from index 0
     * @param replyCapacity bytes the peer has room for, 0..{@link #MAX_MESSAGE}; nothing is written beyond
     * @return the reply's length in bytes; 0 if there is none: the request was malformed (shorter than a header, not a
     *     command), or its reply does not fit. The port counts these itself by whatever name it prefers.
     *     {@link #DEFERRED} if the reply comes later
     */
    int execute(byte[] request, int requestLength, byte[] reply, int replyCapacity);

    /**
     * Now is a time to send events: called after replies were published (so that a delayed response comes after its
     * response) and when event buffers, or room to send, appeared. The port calls {@link EventSink#offer} from here, or
     * from anywhere else on the loop's thread while attached.
     */
    void flushEvents();

    /**
     * The transport can carry messages from now on. Called again without a {@link #detached} between when only the sink
     * changes.
     *
     * @param events the platform-to-agent channel; null: the agent did not negotiate one, so that notifications and
     *     asynchronous commands are not supported for it. One that is negotiated but not running yet answers
     *     {@link EventSink.Result#NO_BUFFER}, and {@link #flushEvents} comes when it runs
     * @param replies takes replies that were deferred; when only the sink changes, it takes the outstanding one too
     */
    void attached(@Nullable EventSink events, ReplyListener replies);

    /**
     * The transport carries no messages for now: a paused guest, a stopped ring. Nothing of the agent's is dropped, but a
     * command whose reply is outstanding, or ready and not published yet, counts as not answered: what the port still
     * does for it is in vain. It comes again by {@link #execute} once the transport is attached again, unless the guest
     * or the peer began anew.
     */
    void detached();

    /** The guest itself started anew: votes, subscriptions, negotiated versions and pending commands are to be dropped. */
    void guestReset();

    /**
     * The peer goes on with what it holds, but has lost all that was on its way to it: subscriptions, what waits to be sent,
     * negotiated versions and pending commands are to be dropped, votes and wishes stay. Comes in place of
     * {@link #guestReset} on a serial line, never within {@link #execute}.
     */
    default void sessionBegan() {}

    /**
     * A peer process (a VMM, a tool) connected. The server decides with its records whether it is another one than
     * before, and what that means.
     */
    void peerConnected(PeerIdentity peer);

    /** The peer process went away, or was sent away. Comes after {@link #detached} if it was attached. */
    void peerGone();

    /** One malformed input, to be counted by reason. Called for each; never with a message of its own. */
    void malformed(MalformedInput reason);
}
