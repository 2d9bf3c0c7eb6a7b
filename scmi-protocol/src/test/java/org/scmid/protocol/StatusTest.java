/* Status codes against the specification's numbers. */
package org.scmid.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class StatusTest {
    @Test
    void theCodesAreThoseOfTheSpecification() {
        String[] names = {
            "SUCCESS",
            "NOT_SUPPORTED",
            "INVALID_PARAMETERS",
            "DENIED",
            "NOT_FOUND",
            "OUT_OF_RANGE",
            "BUSY",
            "COMMS_ERROR",
            "GENERIC_ERROR",
            "HARDWARE_ERROR",
            "PROTOCOL_ERROR",
            "IN_USE"
        };
        assertEquals(names.length, Status.values().length);
        for (int i = 0; i < names.length; i++) {
            Status status = Status.valueOf(names[i]);
            assertEquals(-i, status.code());
            assertSame(status, Status.of(-i));
        }
    }

    @Test
    void reservedAndVendorCodesHaveNoStatusButAName() {
        assertNull(Status.of(1));
        assertNull(Status.of(-12));
        assertNull(Status.of(Integer.MIN_VALUE));
        assertNull(Status.of(Integer.MAX_VALUE));
        assertEquals("RESERVED(-12)", Status.nameOf(-12));
        assertEquals("RESERVED(7)", Status.nameOf(7));
        assertEquals("RESERVED(-127)", Status.nameOf(-127));
        assertEquals("VENDOR(-128)", Status.nameOf(-128));
        assertEquals("VENDOR(-2147483648)", Status.nameOf(Integer.MIN_VALUE));
        assertEquals("IN_USE", Status.nameOf(-11));
    }
}
