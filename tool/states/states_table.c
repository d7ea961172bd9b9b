/* states_table.c - whether a table of states is right, and how it looks. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/states/states.h"

enum { STATES_MAX = 64 };

static int count(const struct states *s)
{
    int n = 0;

    while (s->names[n])
        n++;
    ASSERT(n <= STATES_MAX);
    return n;
}

__attribute__((format(printf, 3, 4))) static const char *say(char *text, size_t size,
                                                             const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, size, fmt, args);
    va_end(args);
    return text;
}

static bool is_word(const char *action)
{
    size_t len = action ? strlen(action) : 0;

    return len > 0 && len <= STATE_ACTION_MAX &&
           strspn(action, "abcdefghijklmnopqrstuvwxyz_") == len;
}

static const char *row_fault(const struct states *s, size_t i, char *text, size_t size)
{
    const struct state_move *move = &s->moves[i];
    int n = count(s);
    size_t together = 1;

    if (move->from < 0 || move->from >= n || move->to < 0 || move->to >= n)
        return say(text, size, "%s: row %zu has a state that is not named", s->name, i);
    if (!is_word(move->action))
        return say(text, size, "%s: row %zu has no action, or one that is no word", s->name, i);
    if (move->who == 0)
        return say(text, size, "%s: nobody may \"%s\" in %s", s->name, move->action,
                   s->names[move->from]);
    for (size_t j = 0; j < i; j++) {
        if (s->moves[j].from != move->from)
            continue;
        if (strcmp(s->moves[j].action, move->action) == 0)
            return say(text, size, "%s: \"%s\" in %s is there twice", s->name, move->action,
                       s->names[move->from]);
        together++;
    }
    return together <= STATE_ACTIONS_MAX ? NULL
                                         : say(text, size, "%s: more than %d actions in %s",
                                               s->name, STATE_ACTIONS_MAX, s->names[move->from]);
}

/* Bits of the states that something new can come to. */
static uint64_t reached(const struct states *s)
{
    uint64_t seen = 1, before = 0;

    while (seen != before) {
        before = seen;
        for (size_t i = 0; i < s->n_moves; i++)
            if (seen & (uint64_t)1 << s->moves[i].from)
                seen |= (uint64_t)1 << s->moves[i].to;
    }
    return seen;
}

const char *states_fault(const struct states *s, char *text, size_t size)
{
    const char *fault = NULL;
    uint64_t seen;

    for (size_t i = 0; i < s->n_moves && !fault; i++)
        fault = row_fault(s, i, text, size);
    if (fault)
        return fault;
    seen = reached(s);
    for (int i = 0; s->names[i]; i++)
        if (!(seen & (uint64_t)1 << i))
            return say(text, size, "%s: nothing leads to %s", s->name, s->names[i]);
    return NULL;
}

static bool is_left(const struct states *s, int state)
{
    for (size_t i = 0; i < s->n_moves; i++)
        if (s->moves[i].from == state)
            return true;
    return false;
}

/* Appends to buf, of which len bytes are written; what no longer fits is only counted. */
__attribute__((format(printf, 4, 5))) static void add(char *buf, size_t size, size_t *len,
                                                      const char *fmt, ...)
{
    size_t room = *len < size ? size - *len : 0;
    va_list args;

    va_start(args, fmt);
    *len += (size_t)vsnprintf(room > 0 ? buf + *len : NULL, room, fmt, args);
    va_end(args);
}

char *states_chart(const struct states *s, char *buf, size_t size)
{
    size_t len = 0;

    ASSERT(size > 0);
    add(buf, size, &len, "stateDiagram-v2\n    [*] --> %s\n", s->names[0]);
    for (size_t i = 0; i < s->n_moves; i++)
        add(buf, size, &len, "    %s --> %s: %s\n", s->names[s->moves[i].from],
            s->names[s->moves[i].to], s->moves[i].action);
    for (int i = 0; s->names[i]; i++)
        if (!is_left(s, i))
            add(buf, size, &len, "    %s --> [*]\n", s->names[i]);
    if (len >= size)
        buf[0] = '\0';
    return buf;
}
