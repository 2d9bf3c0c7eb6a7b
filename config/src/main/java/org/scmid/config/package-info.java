/**
 * Board files and service files as immutable, checked records: the records are what the rest of the service is built
 * from, {@link org.scmid.config.ConfigFiles} is where they come from.
 */
@NullMarked
package org.scmid.config;

import org.jspecify.annotations.NullMarked;
