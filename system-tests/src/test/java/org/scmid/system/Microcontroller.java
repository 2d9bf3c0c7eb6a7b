// The microcontroller in QEMU that owns its clocks, and an agent of it at its serial line.
package org.scmid.system;

import java.nio.file.Path;
import org.scmid.agent.SerialLink;
import org.scmid.transport.serial.SerialSettings;
import org.scmid.upstream.discovery.Discovered;

/** QEMU's B-L475E-IOT01A with the firmware of guests/stm32l4, and the only agent that it has, by jSerialComm. */
final class Microcontroller implements AutoCloseable {
    private static final int BAUD = 115_200;
    private static final int AGENT = 8;
    private static final int PLATFORM = 9;
    private static final int ENTERPRISE = 32_473;

    private final ModelledMachine machine;
    private final PlatformAgent agent;
    private final Discovered discovered;
    private final MicrocontrollerClocks clocks;

    /** Boots it, connects, and asks what it has. */
    Microcontroller(Path folder) {
        machine = bootMachine(folder);
        var settings = new SerialSettings(machine.serialPort(), BAUD, false, AGENT, PLATFORM, ENTERPRISE);
        agent = new PlatformAgent((loop, client) -> SerialLink.onPort(loop, settings, true, client));
        agent.awaitReady();
        discovered = agent.discover();
        clocks = new MicrocontrollerClocks(discovered.offer(), agent::ask);
    }

    /** Boots one without an agent. */
    static ModelledMachine bootMachine(Path folder) {
        return ModelledMachine.boot("qemu-system-arm", "b-l475e-iot01a", folder, Programs.stm32Firmware());
    }

    ModelledMachine machine() {
        return machine;
    }

    PlatformAgent agent() {
        return agent;
    }

    Discovered discovered() {
        return discovered;
    }

    MicrocontrollerClocks clocks() {
        return clocks;
    }

    @Override
    public void close() {
        agent.close();
        machine.close();
    }
}
