// What an agent may do with a resource.
package org.scmid.config.service;

/** What an agent may do with a resource; each level includes the ones before it. */
public enum Permission {
    /** It has an id but nothing may be done with it. */
    NONE,
    /** It may be read. */
    READ,
    /** It may be read, and its changes subscribed to. */
    NOTIFY,
    /** It may be changed, in all ways or in those that the {@link Grant} names. */
    CONTROL
}
