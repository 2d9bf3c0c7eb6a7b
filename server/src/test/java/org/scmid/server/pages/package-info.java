/** Tests of what the pages (README, docs and the rest) say of the sources. */
@NullMarked
package org.scmid.server.pages;

import org.jspecify.annotations.NullMarked;
