/* saga_row.c - see saga_row.h. */
#include "tool/saga/mysql/saga_row.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/dbc/column.h"

/* No column of the table is longer: up to 47 characters, four bytes each. */
enum { COLUMN_MAX = 4 * SAGA_NAME_MAX };

bool saga_row_state(const char *text, enum saga_state *out)
{
    for (int i = 0; i < SAGA_STATES; i++) {
        if (strcmp(SAGA_STATE_NAMES[i], text) == 0) {
            *out = (enum saga_state)i;
            return true;
        }
    }
    return false;
}

static void read_text(struct dbc_stmt *s, const char *column, char *text, size_t size,
                      struct saga_record *record)
{
    char whole[COLUMN_MAX + 1];

    dbc_col_text(s, whole, sizeof(whole));
    if (!text_copy(text, size, whole))
        snprintf(record->why, sizeof(record->why), "its %s is too long", column);
}

static void read_state(struct dbc_stmt *s, struct saga_record *record)
{
    char text[COLUMN_MAX + 1];

    dbc_col_text(s, text, sizeof(text));
    if (saga_row_state(text, &record->view.state))
        return;
    record->view.state = SAGA_PROCESSING;
    snprintf(record->why, sizeof(record->why), "no state is called %.40s", text);
}

static void read_data(struct dbc_stmt *s, struct saga_record *record)
{
    int64_t length;

    dbc_col_text(s, record->data, sizeof(record->data));
    dbc_col_int(s, &length);
    if (length > SAGA_DATA_MAX)
        snprintf(record->why, sizeof(record->why), "its data is of %lld bytes", (long long)length);
}

void saga_row_read(struct dbc_stmt *s, struct saga_record *out)
{
    int64_t version, attempts;

    out->why[0] = '\0';
    dbc_col_uuid(s, &out->view.id);
    dbc_col_uuid(s, &out->view.about);
    read_text(s, "type", out->type, sizeof(out->type), out);
    read_state(s, out);
    read_text(s, "step", out->view.step, sizeof(out->view.step), out);
    dbc_col_int(s, &version);
    dbc_col_int(s, &attempts);
    read_text(s, "reason", out->view.reason, sizeof(out->view.reason), out);
    read_data(s, out);
    dbc_col_time(s, &out->view.started_us);
    dbc_col_time(s, &out->view.updated_us);
    dbc_col_int(s, &out->remaining_ms);
    dbc_col_int(s, &out->due_ms);
    out->version = (uint32_t)version;
    out->attempts = (uint32_t)attempts;
    out->view.unreadable = out->why[0] != '\0';
    if (out->view.unreadable)
        out->data[0] = '\0';
}
