// What an agent reads of something that several agents switch: one rule for clocks, power domains, supplies and
// sensors.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.Grant;
import org.scmid.platform.register.Windows;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.state.AgentStateStore;

class WhatAnAgentReadsTest {
    private static final String BOARD = """
            board: shared
            registers: { cru: { size: 64 B, access: simulated, initial: { 0x14: 77 } } }
            clocks:
              xo: { fixed: 100 MHz }
              it: { parent: xo, gate: { register: cru+0x0, bit: 1 } }
            power-domains:
              it: { switch: { register: cru+0x8, bit: 0 } }
            voltage-domains:
              it: { levels: [1 V, 2 V], level: { register: cru+0xc, bits: 3..0 }, enable: { register: cru+0x10, bit: 0 } }
            sensors:
              it: { unit: rpm, source: { register: cru+0x14, bits: 31..0 }, enabled: false }
            """;

    private static final boolean ON = true;
    private static final boolean OFF = false;

    /** What is switched by votes, and how. */
    enum Kind {
        CLOCK(ResourceKind.CLOCK) {
            @Override
            int set(Bench.Peer agent, boolean on) {
                return agent.status(0x14, 7, 0, on ? 1 : 0, 0);
            }

            @Override
            boolean reads(Bench.Peer agent) {
                boolean reads = agent.call(0x14, 0xB, 0, 0)[2] == 1;
                assertEquals(reads, (agent.call(0x14, 3, 0)[1] & 1) != 0, "CLOCK_ATTRIBUTES says the same");
                return reads;
            }
        },
        POWER_DOMAIN(ResourceKind.POWER_DOMAIN) {
            @Override
            int set(Bench.Peer agent, boolean on) {
                return agent.status(0x11, 4, 0, 0, on ? 0 : 0x40000000);
            }

            @Override
            boolean reads(Bench.Peer agent) {
                return agent.call(0x11, 5, 0)[1] == 0;
            }
        },
        SUPPLY(ResourceKind.VOLTAGE_DOMAIN) {
            @Override
            int set(Bench.Peer agent, boolean on) {
                return agent.status(0x17, 5, 0, on ? 7 : 0);
            }

            @Override
            boolean reads(Bench.Peer agent) {
                return agent.call(0x17, 6, 0)[1] == 7;
            }
        },
        SENSOR(ResourceKind.SENSOR) {
            @Override
            int set(Bench.Peer agent, boolean on) {
                return agent.status(0x15, 0xA, 0, on ? 1 : 0);
            }

            @Override
            boolean reads(Bench.Peer agent) {
                boolean reads = (agent.call(0x15, 9, 0)[1] & 1) != 0;
                assertEquals(reads, agent.status(0x15, 6, 0, 0) == 0, "it has readings while it is on");
                return reads;
            }
        };

        final ResourceKind resource;

        Kind(ResourceKind resource) {
            this.resource = resource;
        }

        abstract int set(Bench.Peer agent, boolean on);

        abstract boolean reads(Bench.Peer agent);

        Map<ResourceKind, List<Grant>> grants(String grant) {
            return Map.of(resource, Bench.grants(grant));
        }
    }

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Board board;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    @BeforeEach
    void aBoard() throws Exception {
        board = Bench.board(directory, BOARD);
        bench = new Bench(board);
    }

    @ParameterizedTest
    @EnumSource
    void whatHardwareSaysUntilItHasVoted(Kind kind) throws Exception {
        Bench.Peer a = bench.agent("a", kind.grants("it"));
        Bench.Peer b = bench.agent("b", kind.grants("it"));
        Bench.Peer reader = bench.agent("reader", kind.grants("it: read"));
        assertEquals(OFF, kind.reads(a));
        assertEquals(0, kind.set(b, ON));
        assertEquals(ON, kind.reads(a));
        assertEquals(ON, kind.reads(reader));
        assertEquals(0, kind.set(b, OFF));
        assertEquals(OFF, kind.reads(a));
        assertEquals(OFF, kind.reads(reader));
    }

    @ParameterizedTest
    @EnumSource
    void whatItHasAskedForOnceItHasVoted(Kind kind) throws Exception {
        Bench.Peer a = bench.agent("a", kind.grants("it"));
        Bench.Peer b = bench.agent("b", kind.grants("it"));
        assertEquals(0, kind.set(a, ON));
        assertEquals(0, kind.set(b, ON));
        assertEquals(0, kind.set(a, OFF));
        assertEquals(OFF, kind.reads(a), "what it has asked for");
        assertEquals(ON, kind.reads(b), "which keeps it on");
        assertEquals(0, kind.set(a, ON));
        assertEquals(ON, kind.reads(a));
        assertEquals(0, kind.set(a, OFF));
        assertEquals(0, kind.set(b, OFF));
        assertEquals(0, kind.set(b, ON));
        assertEquals(OFF, kind.reads(a), "also when it went on since");
    }

    @ParameterizedTest
    @EnumSource
    void offWithoutEverHavingAskedForOnIsAVoteToo(Kind kind) throws Exception {
        Bench.Peer a = bench.agent("a", kind.grants("it"));
        Bench.Peer b = bench.agent("b", kind.grants("it"));
        assertEquals(0, kind.set(b, ON));
        assertEquals(0, kind.set(a, OFF));
        assertEquals(OFF, kind.reads(a));
        assertEquals(ON, kind.reads(b));
    }

    @ParameterizedTest
    @EnumSource
    void aGuestThatBeginsAnewHasNotVoted(Kind kind) throws Exception {
        Bench.Peer a = bench.agent("a", kind.grants("it"));
        Bench.Peer b = bench.agent("b", kind.grants("it"));
        assertEquals(0, kind.set(b, ON));
        assertEquals(0, kind.set(a, OFF));
        a.agent.guestReset();
        assertEquals(ON, kind.reads(a));
    }

    @ParameterizedTest
    @EnumSource
    void aServiceThatWasKilledAnswersAsBefore(Kind kind) throws Exception {
        Windows windows = Windows.open(board, true);
        Path folder = directory.resolve("state");
        AgentStateStore store = AgentStateStore.open(folder);
        Agent.Presence presence = new Agent.Presence(false, 10_000);
        Bench before = new Bench(board, windows);
        Bench.Peer a = before.agent("a", store, presence, kind.grants("it"));
        Bench.Peer b = before.agent("b", store, presence, kind.grants("it"));
        kind.set(b, ON);
        kind.set(a, OFF);
        a.agent.close();
        b.agent.close();
        store.close();

        AgentStateStore again = AgentStateStore.open(folder);
        Bench after = new Bench(board, windows);
        a = after.agent("a", again, presence, kind.grants("it"));
        b = after.agent("b", again, presence, kind.grants("it"));
        after.core.resume(false);
        assertEquals(OFF, kind.reads(a));
        assertEquals(ON, kind.reads(b));
        again.close();
    }
}
