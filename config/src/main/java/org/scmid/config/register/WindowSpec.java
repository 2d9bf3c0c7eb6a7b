// A window of registers, as a board file describes it.
package org.scmid.config.register;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.scmid.config.document.Place;

/**
 * A window of registers of one width.
 *
 * @param name its name in the board file
 * @param access how it is reached
 * @param at physical address of its first byte, as an unsigned 64-bit number; 0 if the access needs none
 * @param size its length in bytes, a multiple of the register width, at least one register
 * @param width width of its registers in bits: 8, 16, 32 or 64
 * @param writeKey bits that are set in every word that is written (a password, as Broadcom's clock manager wants it); 0
 *     for none
 * @param writeMaskShift -1 for none; else every write also sets the mask of the bits that are to change, shifted left
 *     by this, and only those bits change (as Rockchip's registers work: 16)
 * @param initial values by byte offset that a simulated window starts with; all others are 0. Values are unsigned
 * @param rules what is special about its registers
 * @param place where the window is described
 */
public record WindowSpec(
        String name,
        Access access,
        long at,
        long size,
        int width,
        long writeKey,
        int writeMaskShift,
        SortedMap<Long, Long> initial,
        WindowRules rules,
        Place place) {

    /** Copies the initial values. */
    public WindowSpec {
        initial = Collections.unmodifiableSortedMap(new TreeMap<>(initial));
    }

    /** A window whose registers have nothing special. */
    public WindowSpec(
            String name,
            Access access,
            long at,
            long size,
            int width,
            long writeKey,
            int writeMaskShift,
            SortedMap<Long, Long> initial,
            Place place) {
        this(name, access, at, size, width, writeKey, writeMaskShift, initial, WindowRules.NONE, place);
    }

    /** The same window with other initial values. */
    public WindowSpec withInitial(SortedMap<Long, Long> values) {
        return new WindowSpec(name, access, at, size, width, writeKey, writeMaskShift, values, rules, place);
    }

    public WindowSpec withAccess(Access other) {
        return new WindowSpec(name, other, at, size, width, writeKey, writeMaskShift, initial, rules, place);
    }
}
