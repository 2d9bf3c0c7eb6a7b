// The ivshmem client-server protocol in numbers.
package org.scmid.transport.ivshmem;

/**
 * The protocol between an ivshmem server and its clients, version 0 (QEMU since 2.5). Only the server sends. Each message
 * is one little-endian signed 64-bit number, {@value #MESSAGE_BYTES} bytes, with at most one descriptor.
 *
 * <p>What this server sends to each client, in this order:
 *
 * <table>
 *   <caption>The messages</caption>
 *   <tr><th>number</th><th>descriptor</th><th>meaning</th></tr>
 *   <tr><td>{@value #VERSION}</td><td>-</td><td>the protocol's version</td></tr>
 *   <tr><td>id</td><td>-</td><td>the client's id, 1..{@value #LAST_ID}</td></tr>
 *   <tr><td>{@value #MEMORY}</td><td>the memory</td><td>the file that the client maps, all of it</td></tr>
 *   <tr><td>{@value #SERVER_ID}</td><td>eventfd</td><td>to ring the server by vector 0</td></tr>
 *   <tr><td>{@value #SERVER_ID}</td><td>eventfd</td><td>to ring the server by vector 1</td></tr>
 *   <tr><td>id</td><td>eventfd</td><td>by which the client is rung, vector 0</td></tr>
 *   <tr><td>id</td><td>eventfd</td><td>by which the client is rung, vector 1</td></tr>
 *   <tr><td>{@value #SERVER_ID}</td><td>-</td><td>the last one: the server is leaving</td></tr>
 * </table>
 */
public final class Ivshmem {
    /** Bytes of a message. */
    public static final int MESSAGE_BYTES = 8;

    /** The version of the protocol. */
    public static final long VERSION = 0;

    /** Announces the memory. */
    public static final long MEMORY = -1;

    /** The id of the server, which is a peer too: in the upper half of what a guest writes to its Doorbell register. */
    public static final int SERVER_ID = 0;

    /** The highest id of a client. */
    public static final int LAST_ID = 65535;

    /** How many vectors each side has: vector 0 is q0, vector 1 is q1. */
    public static final int VECTORS = 2;

    private Ivshmem() {}
}
