/* states.c - see states.h. */
#include "tool/states/states.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"

static bool is_action(const struct states *s, const char *action)
{
    for (size_t i = 0; i < s->n_moves; i++)
        if (strcmp(s->moves[i].action, action) == 0)
            return true;
    return false;
}

bool states_allow(const struct states *s, int state, const char *action, unsigned who, int *to)
{
    for (size_t i = 0; i < s->n_moves; i++) {
        const struct state_move *move = &s->moves[i];
        if (move->from != state || !(move->who & who) || strcmp(move->action, action) != 0)
            continue;
        if (to)
            *to = move->to;
        return true;
    }
    return false;
}

enum status states_move(const struct states *s, const struct call *call, int *state,
                        const char *action, unsigned who)
{
    ASSERT(is_action(s, action));
    if (states_allow(s, *state, action, who, state))
        return ST_OK;
    return call_fail(call, ST_CONFLICT, "wrong_state",
                     "The %s is %s: \"%s\" is not possible in this state.", s->name,
                     s->names[*state], action);
}

size_t states_actions(const struct states *s, int state, unsigned who, struct state_action out[],
                      size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_moves && n < max; i++)
        if (s->moves[i].from == state && (s->moves[i].who & who))
            snprintf(out[n++].name, sizeof(out->name), "%s", s->moves[i].action);
    return n;
}
