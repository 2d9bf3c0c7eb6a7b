package org.scmid.server.architecture.broken.transport;

import java.util.concurrent.TimeUnit;

/** Sleeps in two ways. */
public final class Sleeps {
    void milliseconds() throws InterruptedException {
        Thread.sleep(1);
    }

    void seconds() throws InterruptedException {
        TimeUnit.SECONDS.sleep(1);
    }
}
