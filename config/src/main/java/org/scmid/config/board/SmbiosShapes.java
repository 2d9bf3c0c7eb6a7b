// What a board file may say about the machines without device tree that it is for.
package org.scmid.config.board;

import java.util.List;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;

/** What a board file may say about the machines without device tree that it is for, and how it is read. */
final class SmbiosShapes {
    private SmbiosShapes() {}

    /** Keys of a machine by SMBIOS. */
    static final class Machine {
        static final Key<String> VENDOR =
                Key.optional("vendor", Values.TEXT, "The system's maker, /sys/class/dmi/id/sys_vendor.");
        static final Key<String> PRODUCT =
                Key.optional("product", Values.TEXT, "The product, /sys/class/dmi/id/product_name.");
        static final Key<String> BOARD =
                Key.optional("board", Values.TEXT, "The main board, /sys/class/dmi/id/board_name.");

        static final Shape SHAPE = new Shape("machine", "What SMBIOS says of a machine.", VENDOR, PRODUCT, BOARD)
                .rule(new Shape.Rule.AtLeastOne(List.of(VENDOR, PRODUCT, BOARD)));

        private Machine() {}
    }

    /** The machines. */
    static final Value<List<Located<Fields>>> MACHINES = Values.list(Machine.SHAPE);

    /** What of them was right. */
    static List<SmbiosSpec> specs(List<Located<Fields>> written) {
        return written.stream()
                .map(Located::value)
                .filter(Fields::sound)
                .map(fields -> new SmbiosSpec(
                        fields.get(Machine.VENDOR), fields.get(Machine.PRODUCT), fields.get(Machine.BOARD)))
                .toList();
    }
}
