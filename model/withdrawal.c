/* withdrawal.c - see withdrawal.h. */
#include "model/withdrawal.h"

#include <stddef.h>

const char *const WITHDRAWAL_STATUS_NAMES[] = {"PENDING", "WITHDRAWN", NULL};
