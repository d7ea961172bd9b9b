/* ticket.c - see ticket.h. */
#include "model/ticket.h"

const char *const TICKET_ANSWER_NAMES[] = {"APPROVE", "REFUSE", NULL};
