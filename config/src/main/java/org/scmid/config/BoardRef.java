// The board that a service file names.
package org.scmid.config;

/**
 * The board that a service file names.
 *
 * @param reference a built-in board's name or a path, as it was written
 * @param board what it stands for, with what the service file changes in it
 * @param place where it is named
 */
public record BoardRef(String reference, Board board, Place place) {}
