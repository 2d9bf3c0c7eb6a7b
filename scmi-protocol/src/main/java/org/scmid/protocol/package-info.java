/**
 * The SCMI wire format (Arm DEN0056), both directions, without behaviour.
 *
 * <p>A message lies in a {@link org.scmid.protocol.MessageBuffer}: a 4-byte {@link org.scmid.protocol.Header}, in
 * responses a 4-byte {@link org.scmid.protocol.Status}, then the payload. Each protocol has a package of its own
 * ({@code base}, {@code clock}; {@code common} holds what every protocol has) with three kinds of types:
 *
 * <ul>
 *   <li>an enum that implements {@link org.scmid.protocol.Message}: the one table of the protocol's messages,
 *   <li>one class per message, named as in the specification, whose nested {@code Request}, {@code Reply}, {@code
 *       Delayed} and {@code Event} read and write its payloads in place,
 *   <li>the protocol's versions.
 * </ul>
 *
 * <p>Another protocol needs its own package like these, and its line in {@link org.scmid.protocol.catalogue.MessageTables}.
 * Nothing here allocates once the flyweights exist, except what returns a {@code String}.
 */
@NullMarked
package org.scmid.protocol;

import org.jspecify.annotations.NullMarked;
