/**
 * A service: which board is served to which agents, how they are reached, what they are given, how their wishes become
 * one, and where it is managed.
 */
@NullMarked
package org.scmid.config.service;

import org.jspecify.annotations.NullMarked;
