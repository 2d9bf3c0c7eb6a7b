// SCMI messages as 32-bit words, written out for the tests that speak them by hand.
package org.scmid.system;

/** Numbers of the specification, sections 4.2 (Base), 4.4 (System power), 4.6 (Clock) and 4.8 (Reset). */
final class Scmi {
    static final int BASE = 0x10;
    static final int SYSTEM = 0x12;
    static final int CLOCK = 0x14;
    static final int RESET = 0x16;

    static final int SUCCESS = 0;
    static final int NOT_SUPPORTED = -1;
    static final int INVALID_PARAMETERS = -2;
    static final int DENIED = -3;
    static final int NOT_FOUND = -4;
    static final int OUT_OF_RANGE = -5;
    static final int HARDWARE_ERROR = -9;
    static final int PROTOCOL_ERROR = -10;

    static final int CLOCK_ATTRIBUTES = 0x3;
    static final int DESCRIBE_RATES = 0x4;
    static final int RATE_SET = 0x5;
    static final int RATE_GET = 0x6;
    static final int CONFIG_SET = 0x7;
    static final int NAME_GET = 0x8;
    static final int RATE_NOTIFY = 0x9;
    static final int RATE_CHANGE_REQUESTED_NOTIFY = 0xA;
    static final int CONFIG_GET = 0xB;
    static final int POSSIBLE_PARENTS_GET = 0xC;
    static final int PARENT_SET = 0xD;
    static final int PARENT_GET = 0xE;
    static final int GET_PERMISSIONS = 0xF;

    static final int SYSTEM_POWER_STATE_SET = 0x3;
    static final int RESET_SET = 0x4;

    private Scmi() {}

    /** The header of a command to the clock protocol. */
    static int clock(int message) {
        return header(CLOCK, message, 0);
    }

    /** A command's header. */
    static int header(int protocol, int message, int token) {
        return message | (protocol << 10) | (token << 18);
    }
}
