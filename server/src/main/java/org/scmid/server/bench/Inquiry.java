// What a back end is asked before it is measured.
package org.scmid.server.bench;

import org.jspecify.annotations.Nullable;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.catalogue.MessageTables;

/**
 * Who a back end is, by the Base protocol. Names are printable ASCII.
 *
 * @param vendor null if it does not say
 * @param subVendor null if it does not say
 * @param baseVersion the version of the Base protocol that it speaks
 * @param version that of the measured message's protocol
 */
public record Inquiry(@Nullable String vendor, @Nullable String subVendor, int baseVersion, int version) {
    /**
     * Asks, and sends the message that is to be measured once.
     *
     * @throws BenchException if it does not answer as an SCMI platform does, does not have the message's protocol, or
     *     answers the message with anything but a success
     */
    public static Inquiry of(BackEnd backEnd, BenchMessage message) throws BenchException {
        int baseVersion = versionOf(backEnd, ProtocolId.BASE);
        ProtocolId protocol = message.message().protocol();
        int version = protocol == ProtocolId.BASE ? baseVersion : versionOf(backEnd, protocol);
        Inquiry inquiry = new Inquiry(
                name(backEnd, BaseMessage.BASE_DISCOVER_VENDOR),
                name(backEnd, BaseMessage.BASE_DISCOVER_SUB_VENDOR),
                baseVersion,
                version);
        String wrong = sendOnce(backEnd, message, version);
        if (wrong != null) {
            throw new BenchException("the back end does not answer " + message + " as it should: " + wrong);
        }
        return inquiry;
    }

    private static int versionOf(BackEnd backEnd, ProtocolId protocol) throws BenchException {
        MessageTable<?> table = MessageTables.of(protocol.id());
        Message ask = table == null ? null : table.command(BaseMessage.PROTOCOL_VERSION.id());
        if (ask == null) {
            throw new IllegalArgumentException("no messages of " + protocol);
        }
        MessageBuffer answer = ask(backEnd, ask);
        String wrong = wrong(ask, answer);
        if (wrong != null) {
            throw new BenchException(
                    "the back end does not have the " + protocol.label() + " protocol of SCMI: it answers " + wrong);
        }
        return answer.getU32(Header.RESPONSE_PAYLOAD);
    }

    private static @Nullable String name(BackEnd backEnd, Message ask) throws BenchException {
        MessageBuffer answer = ask(backEnd, ask);
        if (wrong(ask, answer) != null) {
            return null;
        }
        String name =
                Names.get(answer, Header.RESPONSE_PAYLOAD, Names.SHORT_BYTES).strip();
        return name.isEmpty() ? null : name;
    }

    /** Asks what has no parameters. */
    private static MessageBuffer ask(BackEnd backEnd, Message ask) throws BenchException {
        return backEnd.ask(
                new byte[Header.HEADER_BYTES],
                Header.encode(ask, 0),
                ask.protocol().label() + " " + ask.name());
    }

    private static @Nullable String wrong(Message asked, MessageBuffer answer) {
        WrongReplies check = new WrongReplies(asked.description().fromPlatform(), 0);
        check.check(Header.encode(asked, 0), answer.array(), answer.length());
        return check.first();
    }

    private static @Nullable String sendOnce(BackEnd backEnd, BenchMessage message, int version) throws BenchException {
        int header = Header.encode(message.message(), Header.MAX_TOKEN);
        MessageBuffer answer = backEnd.ask(message.request(version), header, message.toString());
        WrongReplies check = new WrongReplies(message.message().description().fromPlatform(), version);
        check.check(header, answer.array(), answer.length());
        return check.first();
    }
}
