/* saga_data.c - what the steps need, as they see it and as the row keeps it. It is written again
 * only when a step has changed it: members of a newer release stay until then. */
#include "tool/saga/saga_data.h"

#include <string.h>

#include "tool/core/log.h"

size_t saga_data_size(const struct saga_type *type)
{
    return type->data ? type->data->size : 0;
}

bool saga_data_read(struct saga_job *job)
{
    const struct descriptor *d = job->entry->type->data;
    const char *json = job->record.data;
    struct problem problem = {0};

    if (d && decode_lenient(d, json, strlen(json), job->data, &problem) != ST_OK)
        return false;
    saga_data_recorded(job);
    return true;
}

enum status saga_data_write(const struct saga_job *job, struct saga_record *record)
{
    const struct saga_type *type = job->entry->type;
    struct json_out json;

    if (memcmp(job->data, job->data_recorded, saga_data_size(type)) == 0)
        return ST_OK;
    json_out_init(&json, record->data, sizeof(record->data));
    encode(type->data, job->data, &json);
    if (!json.overflow)
        return ST_OK;
    log_error("the data of a saga is too long", LOG_UUID("sagaId", job->record.view.id),
              LOG_TEXT("saga", type->name), LOG_TEXT("step", saga_job_step(job)->name));
    return ST_INTERNAL;
}

void saga_data_recorded(struct saga_job *job)
{
    memcpy(job->data_recorded, job->data, saga_data_size(job->entry->type));
}

void saga_data_forget(struct saga_job *job)
{
    memcpy(job->data, job->data_recorded, saga_data_size(job->entry->type));
}
