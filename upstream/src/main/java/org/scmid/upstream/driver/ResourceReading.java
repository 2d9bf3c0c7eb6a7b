// What is read of one resource by a command that names nothing else.
package org.scmid.upstream.driver;

import org.scmid.protocol.Message;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.RequestPayload;
import org.scmid.protocol.common.ResourceRequest;

/**
 * What is read of one resource by a command that names nothing else.
 *
 * @param <R> the reply
 */
abstract class ResourceReading<R extends ReplyPayload<R>> extends Reading {
    private final ResourceRequest asked;
    private final R answer;

    ResourceReading(Room room, Changes changes, Message command, R answer) {
        super(room, changes);
        this.asked = new ResourceRequest(command);
        this.answer = answer;
    }

    /** The platform's number of the resource. */
    abstract int resource();

    /**
     * Takes what a whole reply says, and tells it to {@link #has}.
     *
     * @return whether it can be
     */
    abstract boolean take(R whole);

    @Override
    final RequestPayload<?> write() {
        return asked.begin(request, 0).resource(resource());
    }

    @Override
    final boolean holds() {
        return answer.wrap(reply).isSuccess() && take(answer);
    }
}
