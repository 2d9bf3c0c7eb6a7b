package org.scmid.server.architecture.broken.server.core;

import java.util.concurrent.locks.Lock;

/** Waits for other threads in four ways. */
public abstract class Waits {
    private int count;

    abstract Lock lock();

    synchronized void wholly() {
        count++;
    }

    int inABlock() {
        synchronized (this) {
            return count;
        }
    }

    Runnable inALambda() {
        return () -> {
            synchronized (this) {
                count++;
            }
        };
    }
}
