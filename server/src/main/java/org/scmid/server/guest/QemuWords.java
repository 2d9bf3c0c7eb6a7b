// Words of QEMU's command line: paths as QEMU reads them, and the whole for a shell.
package org.scmid.server.guest;

import java.nio.file.Path;
import java.util.List;

/** Words of QEMU's command line. */
final class QemuWords {
    private QemuWords() {}

    /** A path as the value of a property. QEMU splits at commas; a doubled one stands for itself. */
    static String path(Path path) {
        return path.toAbsolutePath().normalize().toString().replace(",", ",,");
    }

    /** All on one line, quoted for a shell where that is needed. */
    static String commandLine(List<String> words) {
        return String.join(" ", words.stream().map(QemuWords::quoted).toList());
    }

    private static String quoted(String word) {
        return word.matches("[-A-Za-z0-9_./,=:@%+]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
