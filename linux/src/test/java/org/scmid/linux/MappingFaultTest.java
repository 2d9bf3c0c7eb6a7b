// A peer that cuts off memory which we have mapped: an error for its connection, never the end of the JVM.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class MappingFaultTest {
    private static final int SIZE = 4096;
    private static final int WARM_UP = 30_000;
    private static final byte[] BYTES = new byte[64];

    /** Keeps what is read alive: only a register is read even if nobody wants the value. */
    private static int sink;

    /** Every kind of access. */
    enum Access {
        PLAIN_READ(m -> sink += m.getInt(128)),
        PLAIN_WRITE(m -> m.putLong(128, 1)),
        ACQUIRE(m -> sink += m.getU16Acquire(128)),
        RELEASE(m -> m.putU16Release(128, 1)),
        INT_ACQUIRE(m -> sink += m.getIntAcquire(128)),
        INT_RELEASE(m -> m.putIntRelease(128, 1)),
        COPY_OUT(m -> m.read(128, BYTES, 0, BYTES.length)),
        COPY_IN(m -> m.write(128, BYTES, 0, BYTES.length)),
        REGISTER_READ_8(m -> m.readRegister(128, 8)),
        REGISTER_READ_16(m -> m.readRegister(128, 16)),
        REGISTER_READ_32(m -> m.readRegister(128, 32)),
        REGISTER_READ_64(m -> m.readRegister(128, 64)),
        REGISTER_WRITE_8(m -> m.writeRegister(128, 8, 1)),
        REGISTER_WRITE_16(m -> m.writeRegister(128, 16, 1)),
        REGISTER_WRITE_32(m -> m.writeRegister(128, 32, 1)),
        REGISTER_WRITE_64(m -> m.writeRegister(128, 64, 1));

        @SuppressWarnings("ImmutableEnumChecker") // the lambdas above hold nothing
        private final Consumer<Mapping> access;

        Access(Consumer<Mapping> access) {
            this.access = access;
        }
    }

    /** The work for one peer, as a transport does it: accesses, then the point where a fault must have come. */
    private static void work(Consumer<Mapping> access, Mapping memory) {
        access.accept(memory);
        Mapping.raiseFault();
    }

    private static boolean faults(Consumer<Mapping> access, Mapping memory) {
        try {
            work(access, memory);
            return false;
        } catch (InternalError e) {
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAccessToBytesThatWereCutOffIsCaughtWhereItHappened(Access kind) throws LinuxException {
        // The first round runs interpreted, the later ones compiled.
        for (int round = 0; round < 4; round++) {
            try (Fd file = MemFd.create("peer", SIZE);
                    Mapping memory = Mapping.map(file, 0, SIZE, true);
                    Mapping healthy = Mapping.anonymous(SIZE)) {
                NativeFile.truncate(file, 0);
                for (int i = 0; i < 3; i++) {
                    assertTrue(faults(kind.access, memory), kind + " in round " + round);
                    assertFalse(faults(kind.access, healthy), kind + " hit another peer");
                }
                NativeFile.truncate(file, SIZE);
                for (int i = 0; i < WARM_UP; i++) {
                    assertFalse(faults(kind.access, memory));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void memoryBeyondTheEndOfTheFileFaults(Access kind) throws LinuxException {
        try (Fd file = MemFd.create("peer", 0);
                Mapping memory = Mapping.map(file, 0, SIZE, true)) {
            assertThrows(InternalError.class, () -> work(kind.access, memory));
        }
    }

    /** All kinds of access to bytes that are not there, in a Java of its own that never compiles. */
    static final class Interpreted {
        private Interpreted() {}

        public static void main(String[] arguments) throws LinuxException {
            try (Fd file = MemFd.create("peer", 0);
                    Mapping memory = Mapping.map(file, 0, SIZE, true)) {
                for (Access kind : Access.values()) {
                    System.out.println(kind + (faults(kind.access, memory) ? " is caught" : " is lost"));
                }
            }
        }
    }

    @Test
    void interpretedCodeSurvivesEveryKindOfAccess() throws Exception {
        StringBuilder expected = new StringBuilder();
        for (Access kind : Access.values()) {
            expected.append(kind).append(" is caught\n");
        }
        assertEquals(expected.toString(), ChildJava.run(Interpreted.class, "-Xint"));
    }
}
