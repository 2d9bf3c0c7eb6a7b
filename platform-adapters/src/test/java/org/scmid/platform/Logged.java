// What a class logs in a test.
package org.scmid.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs in a test. */
public final class Logged {
    private Logged() {}

    /** The messages that a class logs while something is done. */
    public static List<String> by(Class<?> its, Runnable action) {
        List<String> messages = new ArrayList<>();
        Logger logger = Logger.getLogger(its.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logged) {
                messages.add(logged.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            action.run();
        } finally {
            logger.removeHandler(handler);
        }
        return messages;
    }
}
