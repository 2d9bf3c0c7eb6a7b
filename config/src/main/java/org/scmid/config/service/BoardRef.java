// The board that a service file names.
package org.scmid.config.service;

import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.board.BoardChoice;
import org.scmid.config.document.Place;

/**
 * The board that a service file names.
 *
 * @param reference a built-in board's name a path or {@code auto}, as it was written
 * @param board what it stands for, with what the service file changes in it
 * @param choice which board was chosen for this machine and why; null if the file names the board
 * @param place where it is named
 */
public record BoardRef(
        String reference, Board board, @Nullable BoardChoice choice, Place place) {}
