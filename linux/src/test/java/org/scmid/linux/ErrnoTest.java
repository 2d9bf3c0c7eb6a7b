// Names and texts of error numbers.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void everyConstantHasItsOwnName() throws IllegalAccessException {
        int seen = 0;
        for (Field field : Errno.class.getFields()) {
            assertEquals(field.getName(), Errno.name(field.getInt(null)));
            seen++;
        }
        assertEquals(37, seen);
    }

    @Test
    void theFirstAndTheLastAreInTheTable() {
        assertEquals("EPERM", Errno.name(1));
        assertEquals("Operation not permitted", Errno.text(1));
        assertEquals("EHWPOISON", Errno.name(133));
        assertEquals("Memory page has hardware error", Errno.text(133));
    }

    @Test
    void unknownNumbersAreStillReported() {
        assertEquals("errno 41", Errno.name(41));
        assertEquals("errno 999", Errno.name(999));
        assertEquals("Unknown error 999", Errno.text(999));
        assertEquals("f: Unknown error -1 (errno -1)", new LinuxException("f", -1).getMessage());
    }
}
