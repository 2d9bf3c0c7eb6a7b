// A machine that a board file is for, by what SMBIOS says of it.
package org.scmid.config.board;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine that a board file is for; at least one of these is given, and those that are must be what SMBIOS says.
 *
 * @param vendor the maker of the system
 * @param product the product
 * @param board the main board
 */
public record SmbiosSpec(
        @Nullable String vendor,
        @Nullable String product,
        @Nullable String board) {

    /** Whether a machine is this one. */
    boolean matches(MachineIdentity machine) {
        return isSaid(vendor, machine.vendor()) && isSaid(product, machine.product()) && isSaid(board, machine.board());
    }

    private static boolean isSaid(@Nullable String wanted, @Nullable String said) {
        return wanted == null || wanted.equals(said);
    }

    /** What is wanted, for people. */
    String shown() {
        List<String> shown = new ArrayList<>();
        MachineIdentity.add(shown, "vendor", vendor);
        MachineIdentity.add(shown, "product", product);
        MachineIdentity.add(shown, "board", board);
        return String.join(", ", shown);
    }
}
