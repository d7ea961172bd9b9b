/* gathering.c - see gathering.h. */
#include "cmd/gateway/gathering.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/gateway/asking.h"
#include "middleware/route_gather.h"
#include "tool/core/assert.h"
#include "tool/core/json_out.h"
#include "tool/core/mem.h"

struct part {
    struct gathering *gathering;
    const struct route_part *row;
    struct asking asking;
    enum status st; /* ST_OK: json is there */
    char *json;
    size_t len;
};

struct gathering {
    struct asker *asker;
    const struct route_match *match; /* borrowed, like call */
    const struct call *call;
    gathered_fn done;
    void *arg;
    size_t n, n_sent;
    struct part parts[ROUTE_PARTS_MAX];
};

static void gathering_free(struct gathering *g)
{
    for (size_t i = 0; i < g->n; i++)
        free(g->parts[i].json);
    free(g);
}

/* ---- merging ---- */

static void write_missing(const struct gathering *g, struct json_out *o)
{
    bool any = false;

    for (size_t i = 0; i < g->n; i++) {
        if (g->parts[i].st == ST_OK)
            continue;
        if (!any) {
            json_out_key(o, "missing");
            json_out_open(o, '[');
        }
        any = true;
        json_out_text(o, g->parts[i].row->name);
    }
    if (any)
        json_out_close(o, ']');
}

static void write_parts(const struct gathering *g, struct json_out *o)
{
    json_out_open(o, '{');
    for (size_t i = 0; i < g->n; i++) {
        const struct part *part = &g->parts[i];

        json_out_key(o, part->row->name);
        if (part->st == ST_OK)
            json_out_raw(o, part->json, part->len);
        else
            json_out_raw(o, "null", strlen("null"));
    }
    write_missing(g, o);
    json_out_close(o, '}');
}

static size_t room_for(const struct gathering *g)
{
    size_t room = sizeof("{\"missing\":[]}");

    for (size_t i = 0; i < g->n; i++)
        room += g->parts[i].len + 2 * (ROUTE_PART_NAME_MAX + sizeof("\"\":null,"));
    return room;
}

/* Of parts that all failed the first speaks. */
static void finish(struct gathering *g)
{
    struct gathered gathered = {.st = g->parts[0].st};
    struct json_out o;
    char *buf = NULL;

    for (size_t i = 0; i < g->n; i++)
        if (g->parts[i].st == ST_OK)
            gathered.st = ST_OK;
    if (gathered.st == ST_OK) {
        size_t room = room_for(g);

        buf = mem_alloc(1, room);
        json_out_init(&o, buf, room);
        write_parts(g, &o);
        ASSERT(!o.overflow);
        gathered.json = buf;
        gathered.len = o.len;
    }
    g->done(g->arg, &gathered);
    free(buf);
    gathering_free(g);
}

/* ---- asking ---- */

static void on_reply(void *arg, enum status st, const struct message *reply);

static enum status ask(struct part *part, const struct route_message *m)
{
    struct gathering *g = part->gathering;
    struct inquiry inquiry = asking_for_route(g->match->route, part->row->subject, m->data, m->len);

    return asking_begin(&part->asking, g->asker, &inquiry, g->call, on_reply, part);
}

/* before: the part whose answer it is asked with; NULL = none. False: the request itself is wrong.
 */
static bool begin_part(struct part *part, const struct part *before, struct problem *problem)
{
    struct gathering *g = part->gathering;
    struct route_part_asker asker = {.caller = g->call->user,
                                     .answer = before ? before->json : NULL,
                                     .answer_len = before ? before->len : 0};
    struct route_message m;

    part->st = route_part_message(&m, g->match, part->row, &asker, problem);
    if (part->st == ST_OK) {
        part->st = ask(part, &m);
        g->n_sent += part->st == ST_OK;
    }
    route_message_fini(&m);
    return part->st != ST_INVALID;
}

/* Those that come after a part which has answered, or never will. */
static void begin_after(struct gathering *g, const struct part *before)
{
    size_t number = (size_t)(before - g->parts) + 1;
    struct problem unheard = {0};

    for (size_t i = number; i < g->n; i++) {
        struct part *part = &g->parts[i];
        if (part->row->after != number)
            continue;
        part->st = before->st;
        if (before->st == ST_OK)
            begin_part(part, before, &unheard);
        if (part->st != ST_OK)
            begin_after(g, part);
    }
}

static void on_reply(void *arg, enum status st, const struct message *reply)
{
    struct part *part = arg;
    struct gathering *g = part->gathering;

    part->st = st == ST_OK ? message_status(reply) : st;
    if (part->st == ST_OK) {
        const char *json = message_data(reply, &part->len);

        part->json = mem_alloc(1, part->len + 1);
        memcpy(part->json, json, part->len);
        if (part->len == 0)
            part->st = ST_INTERNAL;
    }
    begin_after(g, part);
    if (--g->n_sent == 0)
        finish(g);
}

struct gathering *gathering_begin(struct asker *asker, const struct route_match *match,
                                  const struct call *call, gathered_fn done, void *arg,
                                  struct problem *problem)
{
    const struct route_parts *rows = &match->route->gather;
    struct gathering *g = MEM_NEW(struct gathering);
    bool right = true;

    *g = (struct gathering){
        .asker = asker, .match = match, .call = call, .done = done, .arg = arg, .n = rows->n};
    for (size_t i = 0; i < g->n; i++) {
        g->parts[i].gathering = g;
        g->parts[i].row = &rows->rows[i];
        g->parts[i].st = ST_UNAVAILABLE;
    }
    for (size_t i = 0; i < g->n && right; i++) {
        if (rows->rows[i].after != 0)
            continue;
        right = begin_part(&g->parts[i], NULL, problem);
        if (right && g->parts[i].st != ST_OK)
            begin_after(g, &g->parts[i]);
    }
    if (right && g->n_sent > 0)
        return g;
    if (right)
        problem->status = g->parts[0].st;
    gathering_cancel(g);
    return NULL;
}

void gathering_cancel(struct gathering *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->n; i++)
        asking_cancel(&g->parts[i].asking);
    gathering_free(g);
}
