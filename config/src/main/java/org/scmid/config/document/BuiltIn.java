// The boards and the service that are shipped inside the program.
package org.scmid.config.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The boards and the service that are shipped inside the program. */
public final class BuiltIn {
    /** The names of the boards, sorted; each is the resource {@code boards/NAME.yaml}. */
    public static final List<String> BOARDS = List.of(
            "demo",
            "npcm750",
            "qemu-virt",
            "raspberrypi-4",
            "socionext-developerbox",
            "stm32l4x5",
            "uniphier-ld20",
            "zynq-7000");

    /** Where resources are, whose names are those that places have. */
    private static final String FOLDER = "/org/scmid/config/";

    public static final String SERVICE = "services/demo.yaml";

    private BuiltIn() {}

    public static String boardResource(String name) {
        return "boards/" + name + ".yaml";
    }

    /** How a resource is named in places. */
    static String place(String resource) {
        return "built-in:" + resource;
    }

    public static byte[] read(String resource) {
        try (InputStream in = BuiltIn.class.getResourceAsStream(FOLDER + resource)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the program's resource " + resource + " cannot be read", e);
        }
    }
}
