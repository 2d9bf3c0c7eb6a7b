// A guest behind a vhost-user socket, with its VMM.
package org.scmid.benchmarks;

import java.nio.file.Path;
import org.scmid.agent.frontend.VhostUserFrontend;
import org.scmid.linux.Epoll;
import org.scmid.linux.EventFd;
import org.scmid.linux.LinuxException;
import org.scmid.transport.vhostuser.VhostUser;

/** A socket for the set-up, then shared memory and eventfds. */
final class VhostUserLink implements GuestLink {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final long COMMAND_QUEUE_FEATURES = VhostUser.F_EVENT_IDX | VhostUser.F_INDIRECT_DESC;

    private final boolean spins;
    private final GuestQueue guest;
    private final VhostUserFrontend vmm;
    private final EventFd kick;
    private final EventFd called;
    private final Epoll epoll;

    /**
     * Connects, and sets up the command queue.
     *
     * @param socket the service's
     * @param commands that are sent in turn
     * @param spins whether it looks at memory all the time, or waits in epoll
     */
    VhostUserLink(Path socket, byte[][] commands, boolean spins) throws LinuxException {
        this.spins = spins;
        guest = new GuestQueue(commands);
        kick = EventFd.create();
        called = EventFd.create();
        epoll = Epoll.create(1);
        epoll.add(called.fd(), Epoll.IN, 0);
        vmm = VhostUserFrontend.connect(socket);
        vmm.negotiate(COMMAND_QUEUE_FEATURES, VhostUser.PROTOCOL_REPLY_ACK | VhostUser.PROTOCOL_CONFIGURE_MEM_SLOTS);
        vmm.addRegion(guest.region());
        vmm.startRing(0, guest.memory(), guest.ring(), 0, kick, called);
        vmm.enableRing(0, true);
        if (spins) {
            guest.ring().suppressCalls();
        }
    }

    @Override
    public void exchange(int depth) throws LinuxException {
        guest.submit(depth);
        if (guest.ring().needsKick()) {
            kick.signal();
        }
        int taken = guest.takeReplies();
        while (taken < depth) {
            await();
            taken += guest.takeReplies();
        }
    }

    private void await() throws LinuxException {
        if (spins) {
            Thread.onSpinWait();
        } else if (!guest.ring().requestCalls()) {
            if (epoll.await(PATIENCE_MILLIS) == 0) {
                throw new IllegalStateException("the service did not call within " + PATIENCE_MILLIS + " ms");
            }
            called.drain();
        }
    }

    @Override
    public void checkLastReply() {
        guest.checkLastReply();
    }

    @Override
    public void close() {
        vmm.close();
        epoll.close();
        called.close();
        kick.close();
        guest.close();
    }
}
