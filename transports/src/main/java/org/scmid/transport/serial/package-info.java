/**
 * SCMI on a serial line, as docs/serial.md specifies it. From the wire up: {@link org.scmid.transport.serial.SerialLine}
 * brings and takes bytes, {@link org.scmid.transport.serial.FrameDecoder} finds frames in them, {@link
 * org.scmid.transport.serial.Reassembly} puts packets together, and {@link org.scmid.transport.serial.SerialSession}
 * decides which messages count. All of it but {@link org.scmid.transport.serial.PortLine} is free of input and output.
 */
@NullMarked
package org.scmid.transport.serial;

import org.jspecify.annotations.NullMarked;
