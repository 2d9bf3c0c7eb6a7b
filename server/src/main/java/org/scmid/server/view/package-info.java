/** How a clock tree is shown: as text, Graphviz, JSON and SVG, for the command line and the management API. */
@NullMarked
package org.scmid.server.view;

import org.jspecify.annotations.NullMarked;
