/**
 * What trees ask of other platforms: clocks that local ones run from, and values of sensors. Who speaks to a platform
 * implements it. All else that platforms have needs no tree, and is a driver of its own.
 */
@NullMarked
package org.scmid.platform.remote;

import org.jspecify.annotations.NullMarked;
