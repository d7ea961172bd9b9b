/* site.h - the files of a web site, read at once into memory: what is not in the table cannot be
 * had, so there is neither a listing nor a way out of the folder. Read-only once loaded. */
#ifndef MIDDLEWARE_SITE_H
#define MIDDLEWARE_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "middleware/route.h"
#include "tool/crypto/digest.h"

enum {
    SITE_FILES_MAX = 4096,
    SITE_FILE_BYTES_MAX = 16 * 1024 * 1024,
    SITE_BYTES_MAX = 128 * 1024 * 1024, /* of all of them */
    SITE_WHY_MAX = ROUTE_WHY_MAX,
};

/* The forms that a file may stand there in, the best first; NAME.br and NAME.gz beside NAME. */
enum site_form { SITE_BROTLI, SITE_GZIP, SITE_PLAIN, SITE_FORMS };

struct site_file {
    char path[ROUTE_DECODED_MAX + 1]; /* "/assets/app.js" */
    const char *type;                 /* its Content-Type */
    bool runs;                        /* a page or a script: a policy says what it may */
    bool varies;                      /* is there in another form too */
    struct site_body {
        char *data; /* NULL = not in that form */
        size_t len;
        char etag[DIGEST_ETAG_LEN + 1]; /* in quotes */
    } forms[SITE_FORMS];
};

struct site;

/** All regular files of the folder and below, but for those whose name or folder begins with '.',
 * except in .well-known. Links are followed inside of the folder only. routes: whose site rows name
 * files that must be there. NULL when it cannot be served: why says which file and what is wrong.
 */
struct site *site_load(const char *dir, const struct route_table *routes,
                       char why[SITE_WHY_MAX + 1]);
/** Of a setting: NULL, or a thread-local text that says why the folder will not do. "" = none. */
const char *site_check(const void *dir);
/** NULL is fine. */
void site_destroy(struct site *self);
size_t site_size(const struct site *self);
/** The file of a path as in the request line; of one that ends with '/' its index.html. NULL =
 * none.
 */
const struct site_file *site_find(const struct site *self, const char *raw_path);
/** The index.html of the folder that a path as in the request line names without a '/' at its end.
 * NULL = none. */
const struct site_file *site_find_folder(const struct site *self, const char *raw_path);
/** The row of the routes that the path is under, the longest; NULL = none. */
const struct site_row *site_row_of(const struct route_table *routes, const char *raw_path);
/** What the row answers to who wants a page where no file is; NULL = nothing. */
const struct site_file *site_fallback(const struct site *self, const struct site_row *row);
/** Names the Accept-Encoding of a form; NULL = SITE_PLAIN. */
const char *site_form_name(enum site_form form);

#endif
