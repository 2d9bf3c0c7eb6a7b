/* BASE_ERROR_EVENT: the platform tells of errors. */
package org.scmid.protocol.base;

import org.scmid.protocol.EventPayload;

/** BASE_ERROR_EVENT (notification 0x0), asked for by {@link BaseNotifyErrors}. */
public final class BaseErrorEvent {
    private BaseErrorEvent() {}

    /**
     * <pre>
     * 0  u32  agent_id of the agent whose commands failed
     * 4  u32  error_status
     *           9:0    reports in this message
     *           30:10  reserved
     *           31     1 fatal: the platform may not work any more
     * 8  reports, 8 bytes each
     *           0  u32  header of the command
     *           4  i32  its status
     * </pre>
     */
    public static final class Event extends EventPayload<Event> {
        /** Bytes without reports. */
        public static final int MINIMUM_LENGTH = 8;

        public static final int MAX_REPORTS = 0x3FF;
        private static final int AGENT = 0;
        private static final int ERROR_STATUS = 4;
        private static final int REPORTS = 8;
        private static final int FATAL = 1 << 31;
        private static final int REPORT_BYTES = 8;
        private static final int REPORT_HEADER = 0;
        private static final int REPORT_STATUS = 4;

        public Event() {
            super(BaseMessage.BASE_ERROR_EVENT, MINIMUM_LENGTH);
        }

        public int agent() {
            return u32(AGENT);
        }

        public Event agent(int agent) {
            return putU32(AGENT, agent);
        }

        public boolean isFatal() {
            return (u32(ERROR_STATUS) & FATAL) != 0;
        }

        /** Reports in this message, 0..1023. */
        public int reports() {
            return u32(ERROR_STATUS) & MAX_REPORTS;
        }

        /** Writes the number of reports, 0..1023, and whether the error is fatal. */
        public Event errorStatus(boolean fatal, int reports) {
            return putU32(ERROR_STATUS, checkCount("number of reports", reports, MAX_REPORTS) | (fatal ? FATAL : 0));
        }

        public int reportHeader(int index) {
            return u32(REPORTS + index * REPORT_BYTES + REPORT_HEADER);
        }

        public int reportStatus(int index) {
            return u32(REPORTS + index * REPORT_BYTES + REPORT_STATUS);
        }

        public Event report(int index, int header, int status) {
            return putU32(REPORTS + index * REPORT_BYTES + REPORT_HEADER, header)
                    .putU32(REPORTS + index * REPORT_BYTES + REPORT_STATUS, status);
        }

        @Override
        public boolean isComplete() {
            return super.isComplete() && length() >= REPORTS + reports() * REPORT_BYTES;
        }

        @Override
        public int messageLength() {
            return withStart(REPORTS + reports() * REPORT_BYTES);
        }
    }
}
