// Where the readers of a board file's parts get fields of registers from.
package org.scmid.config;

import org.jspecify.annotations.Nullable;
import org.scmid.config.Values.BitRange;

/** Reads the fields of registers that a part of a board file names, and checks them. */
interface RegisterFields {
    /**
     * A field that is written: its bits are its owner's alone, who may name them several times.
     *
     * @param part what has the key `register` and the key of the bits
     * @param bits the key of the bits
     * @param owner how messages name the owner: {@code power domain `gpu`}
     * @return null if it is wrong and the problems say so
     */
    @Nullable
    FieldRef written(Fields part, Key<BitRange> bits, String owner);

    /** A field that is only read; others may read or write it too. Null if it is wrong and the problems say so. */
    @Nullable
    FieldRef read(Fields part, Key<BitRange> bits);
}
