// A serial line as a file describes it, for the transport.
package org.scmid.upstream;

import org.scmid.config.serial.SerialSpec;
import org.scmid.transport.serial.SerialSettings;

/** Serial lines, by their descriptions. */
public final class SerialLines {
    private SerialLines() {}

    /** How the transport sets the line that a file describes. */
    public static SerialSettings settingsOf(SerialSpec line) {
        return new SerialSettings(
                line.port(),
                line.baud(),
                line.flowControl() == SerialSpec.FlowControl.RTS_CTS,
                line.eid(),
                line.peerEid(),
                line.enterprise());
    }
}
