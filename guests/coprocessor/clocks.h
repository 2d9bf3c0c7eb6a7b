/* The clocks of the unit. */
#ifndef CLOCKS_H
#define CLOCKS_H

#include "scmi_clock_tree.h"

enum { CLOCKS_MAX = 32 };

/* Sets the clocks up, as after a reset: fills in `tree`, which has the library's table then. What an agent may do with each,
 * in the table's order; NULL: they cannot be set up. */
const struct scmi_view *clocks_start(struct scmi_tree *tree, struct scmi_platform *platform);

#endif
