/* dead_letter.c - what all implementations share. */
#include "tool/event/dead_letter.h"

const char *const DEAD_LETTER_STATE_NAMES[DEAD_LETTER_STATES] = {
    [DEAD_LETTER_DEAD] = "DEAD",
    [DEAD_LETTER_PARKED] = "PARKED",
};
