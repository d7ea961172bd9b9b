/* site_private.h - a site while it is read; for the files site*.c only. */
#ifndef MIDDLEWARE_SITE_PRIVATE_H
#define MIDDLEWARE_SITE_PRIVATE_H

#include "middleware/site.h"

struct site {
    struct site_file *files; /* SITE_FILES_MAX at most, by path once loaded */
    size_t n, room, bytes;
};

/** Reads all files of the folder, each as SITE_PLAIN; false with why. */
bool site_read(struct site *self, const char *dir, char why[SITE_WHY_MAX + 1]);

#endif
