// The answer to one question.
package org.scmid.upstream.discovery;

import org.scmid.agent.PlatformLink;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.Status;

/** The answer to the question that was asked last; valid until the next one is asked. */
final class Reply {
    private final MessageBuffer message = new MessageBuffer();
    private String question = "";
    private int longestMessage;
    private boolean inTime;
    private int status;

    void set(String asked, byte[] bytes, int length) {
        question = asked;
        inTime = true;
        message.wrap(bytes, 0, length);
        status = message.getU32(4);
    }

    /** @param longest bytes of a message that comes; longer ones are lost on the way */
    void setTimedOut(String asked, int longest) {
        question = asked;
        longestMessage = longest;
        inTime = false;
        status = Status.Code.COMMS_ERROR;
    }

    /** Header, status and values; of a reply that came in time. */
    MessageBuffer message() {
        return message;
    }

    /** Whether it is a success with all its values, which the payload reads from now on. */
    boolean holds(ReplyPayload<?> payload) {
        return inTime && payload.wrap(message).isSuccess();
    }

    /** Whether it is a success, whatever comes with it. */
    boolean isSuccess() {
        return inTime && status == Status.Code.SUCCESS;
    }

    /** Whether the platform says that there is no such thing. */
    boolean isNotFound() {
        return inTime && status == Status.Code.NOT_FOUND;
    }

    boolean isBusy() {
        return inTime && status == Status.Code.BUSY;
    }

    /** Why it is of no use, for people. */
    String problem() {
        if (!inTime) {
            return question + " was not answered in time"
                    + (longestMessage < PlatformLink.MAX_MESSAGE
                            ? "; a reply of more than " + (longestMessage - Header.RESPONSE_PAYLOAD)
                                    + " bytes of values would have been lost on the way"
                            : "");
        }
        return isSuccess()
                ? question + " was answered with " + message.length() + " bytes that do not hold what they announce"
                : question + " was answered with " + Status.nameOf(status);
    }
}
