/* BASE_ERROR_EVENT: the platform tells of errors. */
package org.scmid.protocol.base;

import org.scmid.protocol.EventPayload;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Items;
import org.scmid.protocol.Layout.U32;

/** BASE_ERROR_EVENT (notification 0x0), asked for by {@link BaseNotifyErrors}. */
public final class BaseErrorEvent {
    private BaseErrorEvent() {}

    /**
     * <pre>
     * error_status
     *   9:0    reports in this message
     *   30:10  reserved
     *   31     1 fatal: the platform may not work any more
     * </pre>
     */
    public static final class Event extends EventPayload<Event> {
        private static final Layout LAYOUT = BaseMessage.BASE_ERROR_EVENT.fromPlatform();
        private static final U32 AGENT = LAYOUT.u32("agent");
        private static final U32 ERROR_STATUS = LAYOUT.u32("error_status");
        private static final Items REPORTS = LAYOUT.list("reports");
        private static final U32 REPORT_HEADER = REPORTS.item().u32("header");
        private static final U32 REPORT_STATUS = REPORTS.item().u32("status");

        public static final int MAX_REPORTS = 0x3FF;
        private static final int FATAL = 1 << 31;

        public Event() {
            super(BaseMessage.BASE_ERROR_EVENT);
        }

        /** The agent whose commands failed. */
        public int agent() {
            return get(AGENT);
        }

        public Event agent(int agent) {
            return put(AGENT, agent);
        }

        public boolean isFatal() {
            return (get(ERROR_STATUS) & FATAL) != 0;
        }

        /** Reports in this message, 0..1023. */
        public int reports() {
            return get(ERROR_STATUS) & MAX_REPORTS;
        }

        /** Writes the number of reports, 0..1023, and whether the error is fatal. */
        public Event errorStatus(boolean fatal, int reports) {
            return put(ERROR_STATUS, checkCount("number of reports", reports, MAX_REPORTS) | (fatal ? FATAL : 0));
        }

        /** Header of the command at {@code index}, 0..{@link #reports()}-1. */
        public int reportHeader(int index) {
            return getItem(REPORT_HEADER, REPORTS.at(index));
        }

        /** Its status. */
        public int reportStatus(int index) {
            return getItem(REPORT_STATUS, REPORTS.at(index));
        }

        public Event report(int index, int header, int status) {
            return putItem(REPORT_HEADER, REPORTS.at(index), header).putItem(REPORT_STATUS, REPORTS.at(index), status);
        }

        @Override
        public boolean isComplete() {
            return super.isComplete() && length() >= REPORTS.at(reports());
        }

        @Override
        public int messageLength() {
            return withStart(REPORTS.at(reports()));
        }
    }
}
