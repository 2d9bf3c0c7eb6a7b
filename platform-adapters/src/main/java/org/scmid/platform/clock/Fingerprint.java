// Tells whether what a list of rates was made from has changed.
package org.scmid.platform.clock;

/** Mixes numbers into one of 64 bits that changes when any of them does. */
final class Fingerprint {
    private Fingerprint() {}

    /** One more number; the order of numbers counts. */
    static long mix(long fingerprint, long value) {
        long z = (fingerprint ^ value) + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L; // the finaliser of splitmix64
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
