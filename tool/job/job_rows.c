/* job_rows.c - mistakes in a table of jobs. */
#include <stdio.h>
#include <string.h>

#include "tool/job/job.h"

static bool is_name(const char *name)
{
    size_t len = name ? strlen(name) : 0;

    return len > 0 && len <= JOB_NAME_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

/* What is wrong with row i by itself and beside those before it. */
static const char *row_fault(const struct job *rows, size_t i, size_t self_size, bool leases)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(rows[i].name, rows[j].name) == 0)
            return "is there twice";
    if (!rows[i].fn)
        return "has no .fn";
    if (rows[i].self >= self_size)
        return "has a .self outside the service's struct";
    if (rows[i].every_ms <= 0 || rows[i].timeout_ms <= 0 || rows[i].first_ms < 0)
        return "has no .every_ms and .timeout_ms above 0";
    if (rows[i].where == JOB_ONE_INSTANCE && !leases)
        return "is for one instance, which needs .database";
    return NULL;
}

const char *job_rows_fault(const struct job *rows, size_t n, size_t self_size, bool leases,
                           char *text, size_t size)
{
    for (size_t i = 0; i < n; i++) {
        const char *fault;

        if (!is_name(rows[i].name)) {
            snprintf(text, size, "job %zu has no name of a-z, 0-9 and _", i);
            return text;
        }
        fault = row_fault(rows, i, self_size, leases);
        if (fault) {
            snprintf(text, size, "job %s %s", rows[i].name, fault);
            return text;
        }
    }
    return NULL;
}
