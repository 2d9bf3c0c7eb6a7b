/* Payloads that the tables of several protocols refer to. */
package org.scmid.protocol.common;

import static org.scmid.protocol.Field.bits;
import static org.scmid.protocol.Field.extendedName;

import org.scmid.protocol.Field;
import org.scmid.protocol.Layout;

/** The payloads of the messages that every protocol has, for the tables of the protocols. */
public final class CommonLayouts {
    /** Response of PROTOCOL_VERSION, request of NEGOTIATE_PROTOCOL_VERSION. */
    public static final Layout VERSION = Layout.of(bits("version"));

    /** Request of PROTOCOL_MESSAGE_ATTRIBUTES. */
    public static final Layout MESSAGE_ID = Layout.of(bits("message_id"));

    /** Response with one word of attributes. */
    public static final Layout ATTRIBUTES = Layout.of(bits("attributes"));

    /** Response of every *_NAME_GET. */
    public static final Layout NAME = Layout.of(bits("flags"), extendedName("name"));

    private CommonLayouts() {}

    /** A request that names nothing but one resource. */
    public static Layout resource(String name) {
        return Layout.of(Field.resource(name));
    }

    /** A request that switches the notifications of one resource on or off. */
    public static Layout notifyEnable(String resource) {
        return Layout.of(Field.resource(resource), notifyWord("notify_enable"));
    }

    /** The word that switches notifications, see {@link NotifyEnable}. */
    public static Field notifyWord(String name) {
        return bits(name).reserved(NotifyEnable.RESERVED);
    }
}
