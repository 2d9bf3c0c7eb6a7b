// Asks a platform one question after the other, and gives up in time.
package org.scmid.upstream.discovery;

import org.jspecify.annotations.Nullable;
import org.scmid.agent.AgentClient;
import org.scmid.agent.Command;
import org.scmid.agent.PlatformLink;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.protocol.EmptyRequest;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.RequestPayload;
import org.scmid.protocol.base.BaseMessage;

/**
 * Asks one question after the other. None of them changes anything, so one that is not answered is asked again; a platform
 * that is busy is asked a little later. On a link that loses long replies, one that is never answered says nothing of the
 * platform, so it is asked for a sign of life. The platform has ended it when it answers nothing any more, or takes too long for
 * all of it; then nobody is told of an answer any more.
 */
final class Inquirer {
    private static final int TRIES = 3;
    private static final int MOST_SILENT = 3;
    private static final int MOST_BUSY = 50;
    private static final long PAUSE_NANOS = 20_000_000;

    /** What offers may hold in all: so many numbers as fit into a file of theirs. */
    private static final int MOST_VALUES = 1_000_000;

    /** Who is told of an answer. */
    interface Answer {
        /** The reply, which may be none. */
        void answered(Reply reply);
    }

    /** Who is told how it goes. */
    interface Listener {
        /** The first question is out. */
        void began();

        /** There will be no more answers, for this reason. */
        void gaveUp(String why);
    }

    private final EventLoop loop;
    private final Limits limits;
    private final Listener listener;
    private final Command command;
    private final int longestReply;
    private final Scheduler.Timer again;
    private final MessageBuffer request = new MessageBuffer(PlatformLink.MAX_MESSAGE);
    private final MessageBuffer sign = new MessageBuffer(Header.HEADER_BYTES);
    private final Reply reply = new Reply();
    private long began;
    private @Nullable Answer answer;
    private String question = "";
    private int length;
    private int tries;
    private int busy;
    private int silent;
    private int values = MOST_VALUES;
    private boolean asksForSign;
    private boolean sentAny;
    private boolean unsent;
    private boolean ended;

    Inquirer(EventLoop loop, AgentClient client, Limits limits, Listener listener) {
        this.loop = loop;
        this.limits = limits;
        this.listener = listener;
        this.longestReply = client.longestReply();
        this.again = loop.timer(this::send);
        this.command = client.command(new Command.Listener() {
            @Override
            public void replied(byte[] message, int messageLength) {
                Inquirer.this.replied(message, messageLength);
            }

            @Override
            public void delayed(byte[] message, int messageLength) {
                throw new IllegalStateException("no delayed response was asked for");
            }

            @Override
            public void failed(Command.Failure why) {
                if (why == Command.Failure.TIMED_OUT) {
                    timedOut();
                } else {
                    end();
                }
            }
        });
        this.began = loop.nanoTime();
    }

    /** Where the next request is written. */
    MessageBuffer request() {
        return request;
    }

    /** Asks what has no parameters. */
    void ask(Message message, Answer then) {
        ask(message.name(), EmptyRequest.write(request, message, 0), then);
    }

    /** Asks what was written to {@link #request}. */
    void ask(Message message, RequestPayload<?> written, Answer then) {
        ask(message.name(), written.messageLength(), then);
    }

    /**
     * Asks what was written to {@link #request}.
     *
     * @param asked what it is called, for people
     * @param bytes of the request
     */
    void ask(String asked, int bytes, Answer then) {
        if (answer != null) {
            throw new IllegalStateException(question + " has not been answered yet");
        }
        question = asked;
        length = bytes;
        answer = then;
        tries = TRIES;
        busy = MOST_BUSY;
        send();
    }

    private void send() {
        if (ended) {
            return;
        }
        if (sentAny && loop.nanoTime() - began > limits.totalNanos()) {
            giveUp("it has not said all that it offers after " + limits.totalNanos() / 1_000_000_000
                    + " s; the next question is " + question);
            return;
        }
        unsent = asksForSign
                ? !command.send(sign.array(), Header.HEADER_BYTES, limits.replyNanos())
                : !command.send(request.array(), length, limits.replyNanos());
        if (unsent) {
            again.arm(PAUSE_NANOS);
        } else if (!sentAny) {
            sentAny = true;
            began = loop.nanoTime();
            listener.began();
        }
    }

    /** There is room, perhaps for the first time. */
    void writable() {
        if (unsent) {
            again.disarm();
            send();
        }
    }

    private void replied(byte[] message, int messageLength) {
        silent = 0;
        if (asksForSign) {
            asksForSign = false;
            notAnswered();
            return;
        }
        reply.set(question, message, messageLength);
        if (reply.isBusy() && busy > 0) {
            busy--;
            again.arm(PAUSE_NANOS);
            return;
        }
        answered();
    }

    private void timedOut() {
        tries--;
        if (tries > 0) {
            send();
            return;
        }
        silent++;
        if (silent < MOST_SILENT) {
            notAnswered();
        } else if (longestReply < PlatformLink.MAX_MESSAGE && !asksForSign) {
            askForSign();
        } else {
            giveUp("it does not answer any more; the last question was " + question);
        }
    }

    /** Perhaps it does answer, and the link loses it for its length: asks for something short. */
    private void askForSign() {
        asksForSign = true;
        tries = TRIES;
        EmptyRequest.write(sign, BaseMessage.PROTOCOL_VERSION, 0);
        send();
    }

    private void notAnswered() {
        reply.setTimedOut(question, longestReply);
        answered();
    }

    private void answered() {
        Answer told = answer;
        answer = null;
        if (told != null) {
            told.answered(reply);
        }
    }

    /** Goes on in the next turn, if it has not ended by then. */
    void soon(Runnable action) {
        loop.runSoon(new EventLoop.Task(() -> {
            if (!ended) {
                action.run();
            }
        }));
    }

    /** Whether so many more numbers may be kept; then they are counted. */
    boolean mayKeep(int more) {
        if (more > values) {
            return false;
        }
        values -= more;
        return true;
    }

    /** Ends it: nobody is told anything any more. */
    void end() {
        ended = true;
        answer = null;
        again.disarm();
        command.abandon();
    }

    void giveUp(String why) {
        if (!ended) {
            end();
            listener.gaveUp(why);
        }
    }
}
