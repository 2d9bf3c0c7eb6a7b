/**
 * Board files and service files as immutable, checked records: {@link org.scmid.config.ConfigFiles} is where they come
 * from. What they are made of is in the packages below; none of them uses one that is named after it in this list: {@code
 * document} and {@code shape}, {@code resource} and {@code assembly}, {@code register} and {@code sequence}, a package a
 * kind of hardware, {@code board}, {@code service}.
 */
@NullMarked
package org.scmid.config;

import org.jspecify.annotations.NullMarked;
