/* site.c - see site.h. */
#include "middleware/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/route_path.h"
#include "middleware/site_private.h"
#include "tool/core/mem.h"

static const char INDEX[] = "index.html";

enum { PATH_ROOM = ROUTE_DECODED_MAX + 2 + sizeof(INDEX) };

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct site_file *)a)->path, ((const struct site_file *)b)->path);
}

static int path_and_file(const void *path, const void *file)
{
    return strcmp(path, ((const struct site_file *)file)->path);
}

static struct site_file *find(const struct site *self, const char *path)
{
    return bsearch(path, self->files, self->n, sizeof(self->files[0]), path_and_file);
}

/* ---- forms ---- */

static const char *const FORM_NAMES[SITE_FORMS] = {[SITE_BROTLI] = "br", [SITE_GZIP] = "gzip"};
static const char *const FORM_ENDS[SITE_FORMS] = {[SITE_BROTLI] = ".br", [SITE_GZIP] = ".gz"};

const char *site_form_name(enum site_form form)
{
    return FORM_NAMES[form];
}

/* Moves NAME.gz into NAME, where that is there too. */
static void join(struct site *self, struct site_file *packed, enum site_form form)
{
    char path[ROUTE_DECODED_MAX + 1];
    size_t len = strlen(packed->path), end = strlen(FORM_ENDS[form]);
    struct site_file *file;

    if (len <= end || strcmp(packed->path + len - end, FORM_ENDS[form]) != 0)
        return;
    TEXT_COPY(path, packed->path);
    path[len - end] = '\0';
    file = find(self, path);
    if (!file || !file->forms[SITE_PLAIN].data)
        return;
    file->forms[form] = packed->forms[SITE_PLAIN];
    file->varies = true;
    packed->forms[SITE_PLAIN].data = NULL; /* is no file of its own any more */
}

static void join_all(struct site *self)
{
    size_t kept = 0;

    for (size_t i = 0; i < self->n; i++)
        for (enum site_form form = 0; form < SITE_PLAIN; form++)
            join(self, &self->files[i], form);
    for (size_t i = 0; i < self->n; i++)
        if (self->files[i].forms[SITE_PLAIN].data)
            self->files[kept++] = self->files[i];
    self->n = kept;
}

/* ---- rows ---- */

static bool is_under(const char *path, const char *above)
{
    size_t len = strlen(above);

    if (len > 0 && above[len - 1] == '/')
        len--;
    return strncmp(path, above, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

const struct site_row *site_row_of(const struct route_table *routes, const char *raw_path)
{
    char path[ROUTE_DECODED_MAX + 2];
    const struct site_row *best = NULL;

    if (routes->n_sites == 0 || !route_path_text(raw_path, path))
        return NULL;
    for (size_t i = 0; i < routes->n_sites; i++) {
        const struct site_row *row = &routes->sites[i];

        if (is_under(path, row->path) && (!best || strlen(row->path) > strlen(best->path)))
            best = row;
    }
    return best;
}

const struct site_file *site_fallback(const struct site *self, const struct site_row *row)
{
    return row && row->fallback[0] ? find(self, row->fallback) : NULL;
}

static bool check_rows(const struct site *self, const struct route_table *routes, char *why)
{
    for (size_t i = 0; i < routes->n_sites; i++) {
        const struct site_row *row = &routes->sites[i];

        if (!row->fallback[0] || site_fallback(self, row))
            continue;
        snprintf(why, SITE_WHY_MAX + 1, "site %s: fallback=%s is not among the files", row->name,
                 row->fallback);
        return false;
    }
    return true;
}

/* ---- all of it ---- */

struct site *site_load(const char *dir, const struct route_table *routes,
                       char why[SITE_WHY_MAX + 1])
{
    struct site *self = MEM_NEW(struct site);

    if (!site_read(self, dir, why))
        goto out;
    qsort(self->files, self->n, sizeof(self->files[0]), by_path);
    join_all(self);
    if (check_rows(self, routes, why))
        return self;
out:
    site_destroy(self);
    return NULL;
}

const char *site_check(const void *text)
{
    static _Thread_local char why[SITE_WHY_MAX + 1];
    static const struct route_table NO_ROWS;
    const char *dir = text;
    struct site *site = *dir ? site_load(dir, &NO_ROWS, why) : NULL;

    if (*dir && !site)
        return why;
    site_destroy(site);
    return NULL;
}

void site_destroy(struct site *self)
{
    if (!self)
        return;
    for (size_t i = 0; i < self->n; i++)
        for (size_t form = 0; form < SITE_FORMS; form++)
            free(self->files[i].forms[form].data);
    free(self->files);
    free(self);
}

size_t site_size(const struct site *self)
{
    return self->n;
}

const struct site_file *site_find(const struct site *self, const char *raw_path)
{
    char path[PATH_ROOM];
    size_t len;

    if (!route_path_text(raw_path, path))
        return NULL;
    len = strlen(path);
    if (path[len - 1] == '/')
        memcpy(path + len, INDEX, sizeof(INDEX));
    return find(self, path);
}

const struct site_file *site_find_folder(const struct site *self, const char *raw_path)
{
    char path[PATH_ROOM];
    size_t len;

    if (!route_path_text(raw_path, path))
        return NULL;
    len = strlen(path);
    path[len] = '/';
    memcpy(path + len + 1, INDEX, sizeof(INDEX));
    return find(self, path);
}
