/* sim_house_check.c - what is true of any house once the dust has settled. */
#include "test/simulation/sim_house.h"
#include "tool/memdb/memdb_table.h"

bool sim_house_saga(struct sim_house *house, size_t i, struct saga_record *out)
{
    const struct sim_tried *tried = &house->tried[i];
    struct saga_store *sagas = tried->service->sagas;

    return sagas->ops->find(sagas, NULL, tried->id, out) == ST_OK;
}

const char *sim_house_check_sagas(struct sim_house *house)
{
    for (size_t i = 0; i < house->n_tried; i++) {
        struct saga_record record;
        if (!sim_house_saga(house, i, &record))
            continue;
        if (record.view.state != SAGA_SUCCEEDED && record.view.state != SAGA_COMPENSATED)
            return "a saga has not ended";
        if (record.data[0])
            return "an ended saga keeps its data";
        if (record.view.state == SAGA_COMPENSATED && !record.view.reason[0])
            return "compensated without a reason";
    }
    return NULL;
}

size_t sim_house_deaths(const struct sim_house *house)
{
    size_t n = 0;

    for (size_t i = 0; i < house->n_services; i++)
        for (size_t j = 0; j < SIM_INSTANCES; j++)
            for (const struct sim_instance *one = house->services[i].slots[j].now; one->former;
                 one = one->former)
                n++;
    return n;
}

static uint64_t mix(uint64_t digest, const void *data, size_t len)
{
    const uint8_t *byte = data;

    for (size_t i = 0; i < len; i++)
        digest = (digest ^ byte[i]) * 0x100000001b3u;
    return digest;
}

static uint64_t mix_stores(uint64_t digest, const struct sim_service *service)
{
    for (size_t i = 0; i < service->rows->n_stores; i++) {
        const struct table *table = service->rows->stores[i].table;
        struct memdb_table *rows;
        if (table->stored_size > 0) /* another description of one of them */
            continue;
        rows = memdb_table(service->db, table->name, table->row_size);
        for (size_t j = 0; j < memdb_count(rows); j++)
            digest = mix(digest, memdb_row(rows, j), table->row_size);
    }
    return digest;
}

uint64_t sim_house_state(struct sim_house *house)
{
    uint64_t digest = 0xcbf29ce484222325u;

    for (size_t i = 0; i < house->n_services; i++)
        digest = mix_stores(digest, &house->services[i]);
    for (size_t i = 0; i < house->n_tried; i++) {
        struct saga_record record;
        if (sim_house_saga(house, i, &record))
            digest = mix(digest, &record.view, sizeof(record.view));
    }
    return digest;
}
