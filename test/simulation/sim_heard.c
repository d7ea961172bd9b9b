/* sim_heard.c - see sim_heard.h. */
#include "test/simulation/sim_heard.h"

#include "tool/core/mem.h"
#include "tool/outbox/memory/outbox_memory.h"

struct reading {
    struct sim_house *house;
    struct sim_service *service;
    const struct sim_memory *memory;
    bool dropped;
    struct outbox_row *rows;
    int64_t *at; /* where they were heard */
    size_t n, heard;
};

static bool is_dropped(const struct reading *r, struct uuid id)
{
    for (size_t i = 0; r->dropped && i < r->house->n_dropped; i++)
        if (uuid_equal(r->house->dropped[i], id))
            return true;
    return false;
}

static const char *check_row(struct reading *r, size_t i)
{
    const struct outbox_row *row = &r->rows[i];
    size_t times = r->memory->find(r->service, row->id, &r->at[i]);

    if (is_dropped(r, row->id))
        return times == 0 ? NULL : "an event had an effect after it was given up";
    if (times != 1)
        return times == 0 ? "an event had no effect" : "an event had its effect twice";
    r->heard++;
    for (size_t j = 0; j < i; j++) {
        const struct outbox_row *other = &r->rows[j];
        if (uuid_equal(other->key, row->key) && !is_dropped(r, other->id) &&
            (other->seq < row->seq) != (r->at[j] < r->at[i]))
            return "two events of one key changed their order";
    }
    return NULL;
}

static const char *check_said(struct reading *r, struct outbox *outbox)
{
    const char *wrong = NULL;

    r->n = outbox_memory_said(outbox, NULL, NULL, 0);
    r->rows = mem_alloc(r->n + 1, sizeof(*r->rows));
    r->at = mem_alloc(r->n + 1, sizeof(*r->at));
    outbox_memory_said(outbox, NULL, r->rows, r->n);
    for (size_t i = 0; i < r->n && !wrong; i++)
        wrong = check_row(r, i);
    free(r->rows);
    free(r->at);
    return wrong;
}

const char *sim_heard_check(struct sim_house *house, struct sim_service *service,
                            const struct sim_memory *memory, bool dropped)
{
    struct reading r = {.house = house, .service = service, .memory = memory, .dropped = dropped};
    const char *wrong = NULL;

    for (size_t i = 0; i < house->n_services && !wrong; i++)
        if (house->services[i].outbox)
            wrong = check_said(&r, house->services[i].outbox);
    if (!wrong && memory->count(service) != r.heard)
        wrong = "an event that has not happened had an effect";
    return wrong;
}
