// Tells the person at the terminal what a demo does.
package org.scmid.server.demo;

import java.io.PrintWriter;

/** Numbered steps, and what there is to say of each. Everything is there at once: a step may take its time. */
final class Narrator {
    private final PrintWriter out;
    private int step;

    Narrator(PrintWriter out) {
        this.out = out;
    }

    /** For tables; whoever prints to it flushes it. */
    PrintWriter out() {
        return out;
    }

    void step(String what) {
        say("\n[" + ++step + "] " + what);
    }

    void say(String what) {
        out.println(what);
        out.flush();
    }
}
