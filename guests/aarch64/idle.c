/* Waiting without burning the host's processor. */
#include "idle.h"

#include "gic.h"
#include "timer.h"

#define SPIN (500 * MICROSECOND)
#define SHORTEST (50 * MICROSECOND)

static bool interrupted;
static uint64_t last_active;

void idle_interrupted(bool interrupts)
{
    interrupted = interrupts;
}

void idle_active(void)
{
    last_active = timer_now();
}

uint64_t idle_longest(void)
{
    return interrupted ? SECOND : 5 * MILLISECOND;
}

void idle(uint64_t longest)
{
    uint64_t quiet = timer_now() - last_active, pause = quiet / 4;

    if (interrupted || quiet >= SPIN) {
        if (pause < SHORTEST)
            pause = SHORTEST;
        timer_wake_in(pause < longest ? pause : longest);
        gic_wait();
    }
    gic_take();
}
