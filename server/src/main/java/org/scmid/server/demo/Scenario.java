// What a demo serves, and what its guest is to do with it.
package org.scmid.server.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.scmid.config.document.ConfigException;
import org.scmid.config.service.Service;
import org.scmid.server.guest.GuestException;
import org.scmid.server.guest.GuestOverlay;
import org.scmid.server.service.ServiceOptions;
import org.scmid.server.service.ServiceSnapshot;

/** One demo: a service with the agent {@value #AGENT} on vhost-user, and what the drivers of that agent's guest ask for. */
interface Scenario extends AutoCloseable {
    /** Whose guest is booted. */
    String AGENT = "linux";

    /**
     * What is to be served.
     *
     * @param shown what it is, for people
     * @param ready done once all that the agent depends on is there
     */
    record Served(Service service, ServiceOptions options, String shown, CompletableFuture<Void> ready) {}

    /**
     * Prepares whatever is behind the service.
     *
     * @param folder for files; it is deleted at the end
     * @throws GuestException if something is missing; the message says what
     */
    Served prepare(Narrator narrator, Path folder) throws GuestException, ConfigException, IOException;

    /** What the guest's drivers ask for, in sentences. */
    List<String> wishes();

    /** Adds the devices that ask for it. */
    GuestOverlay with(GuestOverlay overlay);

    /** What the guest's first process is told; empty, or words that each begin with a space. */
    String kernelArguments();

    /**
     * Shows what there is besides the clocks that guest and server have.
     *
     * @param resources what the guest says of its other resources
     */
    void showMore(Narrator narrator, String resources, ServiceSnapshot server) throws GuestException;

    /** Ends what was begun behind the service. From any thread, once or more often. */
    @Override
    void close();
}
