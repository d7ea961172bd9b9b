/* card.c - see card.h. */
#include "cmd/pgsim/card.h"

#include <string.h>

#include "tool/core/mem.h"

static const struct card CARDS[] = {
    {.name = ""},
    {                       .name = "tok_ok"         },
    {  .name = "tok_declined",          .declines = "declined"},
    { .name = "tok_insufficient_funds",          .declines = "insufficient_funds"},
    {            .name = "tok_slow_3s",          .answer_after_ms = 3000},
    {           .name = "tok_late_15s",          .answer_after_ms = 15000},
    {          .name = "tok_no_answer",          .closes = true},
    {         .name = "tok_black_hole",          .is_silent = true},
    {            .name = "tok_flaky_2",          .errors = 2},
    {      .name = "tok_webhook_first",          .webhook_first = true},
    {      .name = "tok_webhook_twice",          .webhook_twice = true},
    {   .name = "tok_webhook_reversed",          .webhook_reversed = true},
    {      .name = "tok_capture_fails",          .capture_declines = "capture_failed"},
};
static const struct card UNKNOWN = {.declines = "unknown_token"};

const struct card *card_find(const char *method)
{
    for (size_t i = 0; i < ARRAY_LEN(CARDS); i++)
        if (strcmp(CARDS[i].name, method) == 0)
            return &CARDS[i];
    return &UNKNOWN;
}
