// How much of its guest's memory a VMM may share with the service, and where.
package org.scmid.config.service;

import org.jspecify.annotations.Nullable;

/**
 * The bound of what the service accepts of a guest's memory.
 *
 * @param size the whole that may be shared, in bytes: a multiple of 4096, at least that
 * @param guestAddress guest-physical address of the window, a multiple of 4096, in which everything that is shared must
 *     lie; window and address end below 2^63. Null if it may be anywhere
 */
public record MemoryWindow(long size, @Nullable Long guestAddress) {}
