/* outsiders.c - see outsiders.h. */
#include "tool/service/outsiders.h"

#include <stdio.h>

static struct remote **place_of(const struct service_outsider *row, void *self)
{
    return (struct remote **)(void *)((char *)self + row->remote);
}

void outsiders_create(const struct service *service, void *self, const struct service_run *run)
{
    for (size_t i = 0; i < service->n_outsiders; i++) {
        const struct service_outsider *row = &service->outsiders[i];

        *place_of(row, self) = outsider_create(&(struct outsider_config){
            .name = row->name,
            .url = (const char *)self + row->url,
            .timeout_ms = *(const int64_t *)(const void *)((const char *)self + row->timeout_ms),
            .rows = row->rows,
            .n_rows = row->n_rows,
            .breakers = run->breakers,
            .metrics = run->metrics,
        });
    }
}

void outsiders_destroy(const struct service *service, void *self)
{
    for (size_t i = 0; i < service->n_outsiders; i++)
        outsider_destroy(*place_of(&service->outsiders[i], self));
}

/* The setting of its address, checked as one. */
static bool is_address(const struct service *service, const struct service_outsider *row)
{
    for (size_t i = 0; i < service->n_settings; i++)
        if (service->settings[i].offset == row->url)
            return service->settings[i].check == outsider_url_check &&
                   service->settings[i].size <= OUTSIDER_URL_MAX + 1;
    return false;
}

static const char *fault_of(const struct service *service, const struct service_outsider *row)
{
    const char *fault = NULL;

    if (!row->name || row->n_rows == 0)
        return "has no .name or no .rows";
    if (row->remote >= service->size || row->timeout_ms >= service->size)
        return "is outside the service's struct";
    if (!is_address(service, row))
        return "has a .url that is no setting whose .check is outsider_url_check";
    for (size_t i = 0; i < row->n_rows && !fault; i++)
        fault = outside_row_fault(&row->rows[i]);
    return fault;
}

const char *outsiders_fault(const struct service *service, char *text, size_t size)
{
    for (size_t i = 0; i < service->n_outsiders; i++) {
        const struct service_outsider *row = &service->outsiders[i];
        const char *fault = fault_of(service, row);

        if (!fault)
            continue;
        snprintf(text, size, "outsider %s %s", row->name ? row->name : "", fault);
        return text;
    }
    return NULL;
}
