// Who uses which bits of which register, so that no two do.
package org.scmid.config.register;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;

/** Who uses which bits of which register: two fields that overlap are a mistake in the file. */
public final class FieldClaims {
    private record Word(String window, long offset) {}

    /**
     * A field and who uses it.
     *
     * @param owner how messages name the user: {@code `mux` of clock `uart`}
     * @param repeats whether the owner may name bits several times, as the steps of sequences do
     */
    record Claim(FieldRef field, String owner, boolean repeats, Place place) {}

    private final Map<Word, Claim[]> words = new HashMap<>();

    /**
     * Takes the bits of a field.
     *
     * @return the earlier claim that has one of them; null if all were free, or its owner's already and it repeats
     */
    @Nullable
    Claim claim(Claim claim) {
        FieldRef field = claim.field();
        Claim[] bits = words.computeIfAbsent(new Word(field.window(), field.offset()), word -> new Claim[64]);
        for (int bit = field.low(); bit <= field.high(); bit++) {
            if (bits[bit] != null && !(claim.repeats() && bits[bit].owner().equals(claim.owner()))) {
                return bits[bit];
            }
        }
        for (int bit = field.low(); bit <= field.high(); bit++) {
            bits[bit] = claim;
        }
        return null;
    }

    /** {@code cru+0x10 bits 9..8}, or {@code cru+0x10 bit 3}. */
    public static String shown(FieldRef field) {
        String register = field.window() + "+0x" + Long.toHexString(field.offset());
        return field.high() == field.low()
                ? register + " bit " + field.low()
                : register + " bits " + field.high() + ".." + field.low();
    }
}
