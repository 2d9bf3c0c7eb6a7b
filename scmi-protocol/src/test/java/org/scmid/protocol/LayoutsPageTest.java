/* docs/message-layouts.md is what the tables say, field by field. */
package org.scmid.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.scmid.protocol.catalogue.MessageTables;

class LayoutsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "message-layouts.md");
    private static final String COMMAND = "mvn -pl scmi-protocol test -Dtest=LayoutsPageTest -Dlayouts.write=true";
    private static final String INTRODUCTION = """
            # The layout of every message

            <!-- Generated from the tables of messages, by `%s`: do not edit. -->

            Arm's System Control and Management Interface, DEN0056, as scmid reads and writes it. An offset counts bytes from
            the first of the payload: after the header in a request and a notification, after the header and the status in a
            reply and a delayed response. All is little-endian, a 64-bit value has its low word first. `bits32` are flags or
            packed bits: their meaning is in the Javadoc of the message's class. `name16` and `name64` are text that ends with
            a zero byte. The items of a `list` follow each other, as many as the word before it says; a `rest` is
            described by the message's class.

            Offsets are those of the newest version. A field `since` a version is left out before it, and what is behind it
            moves up. A `lenient` one is written as the version wants it, and accepted or missed in every version.
            """.formatted(COMMAND);

    @Test
    void thePageIsWhatTheTablesSay() throws IOException {
        String page = page();
        if (Boolean.getBoolean("layouts.write")) {
            Files.writeString(PAGE, page);
        }
        assertEquals(page, Files.readString(PAGE), "to write the page anew: " + COMMAND);
    }

    private static String page() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (MessageTable<?> table : MessageTables.all()) {
            ProtocolId protocol = table.protocol();
            page.append("\n## ").append(protocol.label()).append(", 0x").append(hex(protocol.id()));
            page.append("\n\n```text\n");
            for (Message message : table.messages()) {
                append(page, message);
            }
            page.append("```\n");
        }
        return page.toString();
    }

    private static void append(StringBuilder page, Message message) {
        page.append(message.name()).append(", ");
        page.append(message.type().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        page.append(" 0x").append(hex(message.id()));
        page.append(", since ")
                .append(ProtocolVersion.text(message.description().since()));
        page.append('\n');
        if (message.type() == MessageType.COMMAND) {
            append(page, "request", message.fromAgent());
            append(page, "reply", message.fromPlatform());
        } else {
            append(page, "payload", message.fromPlatform());
        }
    }

    private static void append(StringBuilder page, String what, Layout layout) {
        String fields = layout.fields().isEmpty() ? "-" : layout.toString();
        page.append("    ")
                .append(what)
                .append(" ".repeat(9 - what.length()))
                .append(fields)
                .append('\n');
    }

    private static String hex(int id) {
        return Integer.toHexString(id).toUpperCase(Locale.ROOT);
    }
}
