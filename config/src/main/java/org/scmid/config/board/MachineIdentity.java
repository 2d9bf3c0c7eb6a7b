// What a machine says it is: in its device tree, or by SMBIOS.
package org.scmid.config.board;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Problems;

/**
 * What a machine says it is.
 *
 * @param compatible the names that its device tree has for it, the most specific first; empty if it has no device tree
 * @param vendor SMBIOS' name of the maker of the system; null if there is none
 * @param product SMBIOS' name of the product
 * @param board SMBIOS' name of the main board
 */
public record MachineIdentity(
        List<String> compatible,
        @Nullable String vendor,
        @Nullable String product,
        @Nullable String board) {
    private static final String DEVICE_TREE = "sys/firmware/devicetree/base/compatible";
    private static final String SMBIOS = "sys/class/dmi/id";
    private static final int MOST_BYTES = 4096;

    /** Copies the names. */
    public MachineIdentity {
        compatible = List.copyOf(compatible);
    }

    /**
     * Reads what a machine says.
     *
     * @param root where its file system begins: {@code /} for this one
     */
    public static MachineIdentity of(Path root) {
        List<String> compatible = new ArrayList<>();
        for (String name : text(root.resolve(DEVICE_TREE)).split("\0", -1)) {
            if (!name.isBlank()) {
                compatible.add(name.strip());
            }
        }
        Path smbios = root.resolve(SMBIOS);
        return new MachineIdentity(
                compatible,
                line(smbios.resolve("sys_vendor")),
                line(smbios.resolve("product_name")),
                line(smbios.resolve("board_name")));
    }

    /** Whether it says nothing at all. */
    public boolean isUnknown() {
        return compatible.isEmpty() && vendor == null && product == null && board == null;
    }

    /** What it says, for people. */
    public String shown() {
        if (isUnknown()) {
            return "this machine has neither a device tree nor SMBIOS";
        }
        List<String> said = new ArrayList<>();
        if (!compatible.isEmpty()) {
            said.add("its device tree says " + Problems.allOf(compatible));
        }
        List<String> smbios = new ArrayList<>();
        add(smbios, "vendor", vendor);
        add(smbios, "product", product);
        add(smbios, "board", board);
        if (!smbios.isEmpty()) {
            said.add("SMBIOS says " + String.join(", ", smbios));
        }
        return String.join("; ", said);
    }

    static void add(List<String> shown, String key, @Nullable String value) {
        if (value != null) {
            shown.add(key + " " + Problems.quote(value));
        }
    }

    private static @Nullable String line(Path file) {
        String text = text(file).strip();
        return text.isEmpty() ? null : text;
    }

    /** What is not there, or must not be read, says nothing. */
    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
