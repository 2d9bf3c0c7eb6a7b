// Reads the fields of registers that parts of a board file name, and checks them.
package org.scmid.config.register;

import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Register;

/**
 * Reads the fields of registers that parts of a board file name, and checks them. Bits that are written are claimed too,
 * so that no other part has them.
 */
public final class FieldReader {
    private static final int WIDEST_REGISTER = 64;

    private final WindowReader.Windows windows;
    private final Problems problems;
    private final FieldClaims claims = new FieldClaims();

    public FieldReader(WindowReader.Windows windows, Problems problems) {
        this.windows = windows;
        this.problems = problems;
    }

    /**
     * A field that is written: its bits are the part's alone.
     *
     * @param part what has the key `register` and the key of the bits
     * @param widest most bits that the field may have
     * @return null if it is wrong and the problems say so
     */
    public @Nullable FieldRef written(Fields part, Key<BitRange> bitsKey, int widest) {
        return written(part, bitsKey, widest, part.what(), false);
    }

    /**
     * A field that is written, of any width that registers have: its bits are its owner's alone, who may name them several
     * times.
     *
     * @param part what has the key `register` and the key of the bits
     * @param owner how messages name the owner: {@code power domain `gpu`}
     * @return null if it is wrong and the problems say so
     */
    public @Nullable FieldRef written(Fields part, Key<BitRange> bitsKey, String owner) {
        return written(part, bitsKey, WIDEST_REGISTER, owner, true);
    }

    private @Nullable FieldRef written(Fields part, Key<BitRange> bitsKey, int widest, String owner, boolean repeats) {
        int before = problems.count();
        FieldRef field = read(part, bitsKey, widest);
        WindowSpec window = field == null ? null : windows.sound().get(field.window());
        if (field == null || window == null || problems.count() > before) {
            return field;
        }
        Place bitsPlace = part.place(bitsKey);
        String what = Problems.quote(bitsKey.name()) + " of " + part.what();
        checkWriteRules(field, window, bitsPlace, what);
        if (problems.count() == before) {
            FieldClaims.Claim earlier = claims.claim(new FieldClaims.Claim(field, owner, repeats, bitsPlace));
            if (earlier != null) {
                problems.add(
                        bitsPlace,
                        what + ": " + FieldClaims.shown(field) + " overlaps " + FieldClaims.shown(earlier.field())
                                + ", the " + earlier.owner() + " ("
                                + earlier.place().seenFrom(bitsPlace) + ")");
            }
        }
        return field;
    }

    /** A field that is only read, of any width that registers have; others may read or write it too. */
    public @Nullable FieldRef read(Fields part, Key<BitRange> bitsKey) {
        return read(part, bitsKey, WIDEST_REGISTER);
    }

    /**
     * A field that is only read; others may read or write it too.
     *
     * @param part what has the key `register` and the key of the bits
     * @param widest most bits that the field may have
     * @return null if it is wrong and the problems say so
     */
    public @Nullable FieldRef read(Fields part, Key<BitRange> bitsKey, int widest) {
        Register register = part.get(FieldShapes.REGISTER);
        if (register == null) {
            register = part.get(FieldShapes.REGISTER_IF_ANY);
        }
        BitRange bits = part.get(bitsKey);
        if (register == null) {
            return null;
        }
        Place registerPlace = part.place(FieldShapes.REGISTER);
        WindowSpec window = windows.sound().get(register.window());
        if (window == null) {
            if (!windows.names().contains(register.window())) {
                problems.add(
                        registerPlace,
                        "`register` of " + part.what() + ": there is no register window "
                                + Problems.quote(register.window())
                                + (windows.names().isEmpty()
                                        ? "; describe it under `registers`"
                                        : problems.didYouMean(register.window(), windows.names())));
            }
            return null;
        }
        int bytes = window.width() / 8;
        if (register.offset() % bytes != 0) {
            problems.add(
                    registerPlace,
                    "`register` of " + part.what() + ": offset 0x" + Long.toHexString(register.offset())
                            + " is not a multiple of the register width, " + bytes + " bytes");
        } else if (register.offset() > window.size() - bytes) {
            problems.add(
                    registerPlace,
                    "`register` of " + part.what() + ": offset 0x" + Long.toHexString(register.offset())
                            + " is outside the window " + Problems.quote(window.name())
                            + "; its last register is at 0x" + Long.toHexString(window.size() - bytes));
        }
        if (bits == null) {
            return null;
        }
        FieldRef field = new FieldRef(register.window(), register.offset(), bits.high(), bits.low(), registerPlace);
        Place bitsPlace = part.place(bitsKey);
        String what = Problems.quote(bitsKey.name()) + " of " + part.what();
        if (bits.high() >= window.width()) {
            problems.add(
                    bitsPlace,
                    what + ": bit " + bits.high() + " is beyond the " + window.width() + " bits of the registers of "
                            + Problems.quote(window.name()));
        } else if (field.width() > widest) {
            problems.add(
                    bitsPlace,
                    what + ": the field has " + Problems.counted(field.width(), "bit") + "; at most " + widest
                            + " are supported here");
        }
        return field;
    }

    /** Bits that every write sets cannot be part of a field. */
    private void checkWriteRules(FieldRef field, WindowSpec window, Place place, String what) {
        RegisterRule rule = window.rules().of(field.offset());
        if (rule != null) {
            checkRule(field, window, rule, place, what);
        }
        if (rule != null && rule.plain()) {
            return;
        }
        if ((field.mask() & window.writeKey()) != 0) {
            problems.add(
                    place,
                    what + ": the field has bits of the window's `write-key` 0x" + Long.toHexString(window.writeKey())
                            + ", which every write sets");
        }
        int shift = window.writeMaskShift();
        if (shift >= 0 && (field.high() >= shift || field.high() + shift >= window.width())) {
            problems.add(
                    place,
                    what + ": bit " + field.high() + " has no bit in the write mask; with `write-mask-shift: " + shift
                            + "` fields are in bits " + (Math.min(shift, window.width() - shift) - 1) + "..0");
        }
    }

    private void checkRule(FieldRef field, WindowSpec window, RegisterRule rule, Place place, String what) {
        long fixed = field.mask() & (rule.writeZero() | rule.writeOne());
        if (fixed != 0) {
            problems.add(
                    place,
                    what + ": the field has the bits 0x" + Long.toHexString(fixed)
                            + ", which the register's rule always writes as "
                            + ((fixed & rule.writeZero()) != 0 ? "0" : "1"));
        }
        if (rule.setsAndClears() && field.width() > 1) {
            problems.add(
                    place,
                    what + ": the field has " + Problems.counted(field.width(), "bit")
                            + ", but the register's rule has `set` and `clear`:"
                            + " these can change one bit only, as a field would have another value in between");
        }
        boolean isKey = window.rules().unlock().stream().anyMatch(key -> key.offset() == field.offset())
                || window.rules().relock().stream().anyMatch(key -> key.offset() == field.offset());
        if (isKey) {
            problems.add(place, what + ": the register is one of the window's `unlock` or `lock`, and holds no field");
        }
    }
}
