// One resource that a platform offers.
package org.scmid.config.offer;

/** One resource that a platform offers. */
public sealed interface Offered
        permits ClockOffer, PowerDomainOffer, SensorOffer, ResetOffer, VoltageDomainOffer, PerformanceDomainOffer {
    /** The platform's number of it, from 0. */
    int id();

    /** The platform's name of it, 1 to 63 printable ASCII characters; `KIND-ID` if it gave none that could be used. */
    String name();
}
