// What a configuration file can be.
package org.scmid.config;

/** What a configuration file can be: a board or a service. */
public sealed interface ConfigFile permits Board, Service {}
