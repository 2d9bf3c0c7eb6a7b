/* The status codes of SCMI responses. */
package org.scmid.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The result of a command: the first word of every response and delayed response (DEN0056, "return codes").
 *
 * <p>A response with any other status than {@link #SUCCESS} consists of header and status only.
 */
public enum Status {
    /** Done; or, for an asynchronous command, accepted. */
    SUCCESS(Code.SUCCESS),
    /** The protocol, command, flag or feature is not available here. */
    NOT_SUPPORTED(Code.NOT_SUPPORTED),
    /** A value is illegal: a reserved bit is set, a state or rate is not possible. */
    INVALID_PARAMETERS(Code.INVALID_PARAMETERS),
    /** It exists, but this agent may not do it. */
    DENIED(Code.DENIED),
    /** No such resource for this agent, or no such message in this protocol. */
    NOT_FOUND(Code.NOT_FOUND),
    /** A value or list index is outside the legal range. */
    OUT_OF_RANGE(Code.OUT_OF_RANGE),
    /** Too much is outstanding; try again later. */
    BUSY(Code.BUSY),
    /** The message was not transmitted correctly. */
    COMMS_ERROR(Code.COMMS_ERROR),
    /** Any other failure of the platform. */
    GENERIC_ERROR(Code.GENERIC_ERROR),
    /** The hardware failed. */
    HARDWARE_ERROR(Code.HARDWARE_ERROR),
    /** The agent broke the protocol, for example by a payload of the wrong length. */
    PROTOCOL_ERROR(Code.PROTOCOL_ERROR),
    /** Another agent uses the resource (since SCMI 3.2). */
    IN_USE(Code.IN_USE);

    /** The codes as numbers, for code that carries statuses as {@code int}, also those of vendors. */
    public static final class Code {
        public static final int SUCCESS = 0;
        public static final int NOT_SUPPORTED = -1;
        public static final int INVALID_PARAMETERS = -2;
        public static final int DENIED = -3;
        public static final int NOT_FOUND = -4;
        public static final int OUT_OF_RANGE = -5;
        public static final int BUSY = -6;
        public static final int COMMS_ERROR = -7;
        public static final int GENERIC_ERROR = -8;
        public static final int HARDWARE_ERROR = -9;
        public static final int PROTOCOL_ERROR = -10;
        public static final int IN_USE = -11;

        /** This code and all below it belong to vendors; those between it and {@link #IN_USE} are reserved. */
        public static final int HIGHEST_OF_VENDORS = -128;

        private Code() {}
    }

    private static final Status[] BY_NEGATED_CODE = values();

    private final int code;

    Status(int code) {
        this.code = code;
    }

    /** The number on the wire, 0..-11. */
    public int code() {
        return code;
    }

    /** The status with this number, null for reserved and vendors' codes. */
    public static @Nullable Status of(int code) {
        // Not -code: the most negative int has no positive counterpart.
        return code <= 0 && code > -BY_NEGATED_CODE.length ? BY_NEGATED_CODE[-code] : null;
    }

    /** The name of any code: {@code DENIED}, {@code VENDOR(-130)} or {@code RESERVED(-50)}. */
    public static String nameOf(int code) {
        Status status = of(code);
        if (status != null) {
            return status.name();
        }
        return (code <= Code.HIGHEST_OF_VENDORS ? "VENDOR(" : "RESERVED(") + code + ")";
    }
}
