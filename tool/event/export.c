/* export.c - see export.h. */
#include "tool/event/export.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

static const struct rule TYPE_RULE = {
    .min = 3,
    .max = EVENT_NAME_MAX,
    .pattern = "^[a-z][a-z0-9]*\\.[a-z0-9_]+$",
    .reason = "must be the type of an event",
    .example = "order.created",
};

/* clang-format off */
static const struct field QUERY_FIELDS[] = {
    FIELD(struct export_query, type, "type", FIELD_TEXT, FIELD_REQUIRED, .rule = &TYPE_RULE, .doc = "Of the event whose data it is."),
    FIELD(struct export_query, after, "after", FIELD_UUID, 0, .doc = "The last key of the page before."),
    FIELD(struct export_query, limit, "limit", FIELD_INT, 0, .min = 1, .max = EXPORT_PAGE_MAX,
          .fallback = EXPORT_PAGE_MAX, .doc = "Items at most."),
};
const struct descriptor EXPORT_QUERY =
    DESCRIPTOR(struct export_query, "ExportQuery", QUERY_FIELDS, "Which page of what there is.");

static const struct field ITEM_FIELDS[] = {
    FIELD(struct export_item, key, "key", FIELD_UUID, FIELD_REQUIRED, .doc = "Goes into `after` of the next page."),
    FIELD(struct export_item, data, "data", FIELD_JSON, FIELD_REQUIRED, .doc = "As an event's data of that type."),
};
static const struct descriptor ITEM =
    DESCRIPTOR(struct export_item, "ExportItem", ITEM_FIELDS, "One of what there is.");

static const struct field PAGE_FIELDS[] = {
    FIELD(struct export_page, items, "items", FIELD_LIST, FIELD_REQUIRED, .item = &ITEM, .max = EXPORT_PAGE_MAX,
          .count_offset = offsetof(struct export_page, n), .doc = "By key; fewer than asked for: there are no more."),
};
const struct descriptor EXPORT_PAGE =
    DESCRIPTOR(struct export_page, "ExportPage", PAGE_FIELDS, "A page of what there is.");
/* clang-format on */

const struct operation_error EXPORT_ERRORS[] = {
    {ST_NOT_FOUND, "not_exported", "The service exports nothing of this type."},
    {ST_OK,        NULL,           NULL                                       },
};

/* Whichever event of a thing a view is built from, it is the same row. */
static const struct export_row *find(const struct exporter *exporter, const char *name)
{
    const struct event_type *type = event_type_among(exporter->says, name);

    for (size_t i = 0; type && i < exporter->n; i++)
        if (exporter->rows[i].type->data == type->data)
            return &exporter->rows[i];
    return NULL;
}

static enum status write_item(const struct export_row *row, const struct table *table,
                              const void *from, void *data, struct export_item *item)
{
    const struct column *key = table_unique(table, row->by);
    struct json_out o;

    ASSERT(key->kind == COLUMN_UUID);
    memcpy(&item->key, (const char *)from + key->offset, sizeof(item->key));
    memset(data, 0, row->type->data->size);
    row->data(from, data);
    json_out_init(&o, item->data, sizeof(item->data));
    encode(row->type->data, data, &o);
    if (!o.overflow)
        return ST_OK;
    log_error("too much to be exported", LOG_TEXT("type", row->type->name),
              LOG_UUID("key", item->key));
    return ST_INTERNAL;
}

/* What comes after it: by the table's key, or by a column that is unique, whatever the key is. */
static void begin_after(const struct uuid *after, const char *by, struct store_list *list)
{
    static const struct uuid LAST = {
        {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
         0xFF}
    };

    list->sort = by;
    if (uuid_is_nil(*after))
        return;
    list->after_key = by ? &LAST : after;
    list->after_sort = by ? after : NULL;
}

enum status export_read(void *self, const struct call *call, const void *in, void *out)
{
    const struct exporter *exporter = self;
    const struct export_query *query = in;
    const struct export_row *row = find(exporter, query->type);
    struct export_page *page = out;
    struct store_list list = {0};
    struct store *store;
    enum status st;
    char *rows;
    void *data;

    if (!row)
        return call_fail(call, ST_NOT_FOUND, "not_exported",
                         "The service exports nothing of this type.");
    begin_after(&query->after, row->by, &list);
    store = *(struct store *const *)(const void *)((const char *)exporter->service + row->store);
    rows = mem_alloc((size_t)query->limit, store->table->row_size);
    data = mem_alloc(1, row->type->data->size);
    st = store_list(store, NULL, call, &list, (size_t)query->limit, rows, &page->n);
    for (size_t i = 0; i < page->n && st == ST_OK; i++)
        st =
            write_item(row, store->table, rows + i * store->table->row_size, data, &page->items[i]);
    free(data);
    free(rows);
    return st;
}
