// The lengths of a payload, as one short text for all versions.
package org.scmid.server.conformance;

import java.util.ArrayList;
import java.util.List;
import org.scmid.protocol.Field;
import org.scmid.protocol.Layout;
import org.scmid.protocol.ProtocolVersion;

/** The lengths of a payload in bytes: {@code 8}, {@code 8, from 2.0 12}, {@code 4 + 8 n}. */
final class LayoutText {
    private LayoutText() {}

    /** @param versions those that have the message, oldest first */
    static String of(Layout layout, List<Integer> versions) {
        List<String> parts = new ArrayList<>();
        String last = "";
        for (int version : versions) {
            String text = lengths(layout, version);
            if (!text.equals(last)) {
                parts.add(last.isEmpty() ? text : "from " + ProtocolVersion.text(version) + " " + text);
                last = text;
            }
        }
        return String.join(", ", parts);
    }

    private static String lengths(Layout layout, int version) {
        if (layout.isVariable()) {
            Field tail = layout.fields().getLast();
            String items = tail.kind() == Field.Kind.LIST ? tail.itemBytes(version) + " n" : "n";
            return layout.length(version) + " + " + items;
        }
        int least = layout.minimumLength(version);
        int most = layout.maximumLength(version);
        return least == most ? Integer.toString(most) : least + " or " + most;
    }
}
