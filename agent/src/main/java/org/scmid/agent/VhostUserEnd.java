// A link's end of a vhost-user connection.
package org.scmid.agent;

import org.jspecify.annotations.Nullable;
import org.scmid.agent.frontend.VhostUserDriver;
import org.scmid.linux.Epoll;
import org.scmid.linux.LinuxException;
import org.scmid.loop.EventLoop;
import org.scmid.transport.AgentPort;

/** Woken by the socket while it is set up and when the back end goes, and by the back end's calls. */
final class VhostUserEnd implements RingEnd {
    private final VhostUserDriver driver;
    private EventLoop.@Nullable Registration socket;
    private EventLoop.@Nullable Registration replies;
    private EventLoop.@Nullable Registration events;
    private boolean wantsCalls = true;
    private boolean called;
    private boolean spoken;
    private boolean ready;

    VhostUserEnd(VhostUserDriver driver) {
        this.driver = driver;
    }

    @Override
    public void begin(EventLoop loop, EventLoop.Polling polling) throws LinuxException {
        EventLoop.ReadyHandler onCall = epollEvents -> {
            called = true;
            polling.ready();
        };
        socket = loop.watch(driver.socket(), Epoll.IN | Epoll.RDHUP, epollEvents -> {
            spoken = true;
            polling.ready();
        });
        replies = loop.watch(driver.commandCall(), Epoll.IN, onCall);
        events = loop.watch(driver.eventCall(), Epoll.IN, onCall);
    }

    @Override
    public boolean step() throws LinkEndedException {
        try {
            if (called) {
                called = false;
                driver.drainCalls();
            }
            if (!ready || spoken) {
                spoken = false;
                ready = driver.step();
            }
            if (ready && wantsCalls) {
                wantsCalls = false;
                driver.suppressCalls();
            }
            return ready;
        } catch (LinuxException e) {
            throw new LinkEndedException(e);
        }
    }

    @Override
    public String progress() {
        return "the back end does not answer";
    }

    @Override
    public int longestMessage() {
        return AgentPort.MAX_MESSAGE;
    }

    @Override
    public boolean hasRoom() {
        return driver.hasRoom();
    }

    @Override
    public boolean send(byte[] message, int length) throws LinkEndedException {
        try {
            return driver.send(message, length);
        } catch (LinuxException e) {
            throw new LinkEndedException(e);
        }
    }

    @Override
    public boolean take() throws LinkEndedException {
        try {
            return driver.poll();
        } catch (LinuxException e) {
            throw new LinkEndedException(e);
        }
    }

    @Override
    public byte[] message() {
        return driver.message();
    }

    @Override
    public int length() {
        return driver.length();
    }

    @Override
    public boolean prepareToWait() {
        wantsCalls = true;
        return driver.requestCalls();
    }

    @Override
    public void close() {
        cancel(socket);
        cancel(replies);
        cancel(events);
        driver.close();
    }

    private static void cancel(EventLoop.@Nullable Registration registration) {
        if (registration != null) {
            registration.cancel();
        }
    }
}
