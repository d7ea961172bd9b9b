/* site_read.c - a folder into memory. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "middleware/route_path.h"
#include "middleware/site_private.h"
#include "tool/core/mem.h"

struct reader {
    struct site *site;
    const char *dir;
    int root; /* the folder */
    char *why;
};

static bool __attribute__((format(printf, 3, 4)))
wrong(const struct reader *r, const char *path, const char *fmt, ...)
{
    int n = snprintf(r->why, SITE_WHY_MAX + 1, "%s%s ", r->dir, path);
    va_list args;

    va_start(args, fmt);
    if (n >= 0 && n <= SITE_WHY_MAX)
        vsnprintf(r->why + n, (size_t)(SITE_WHY_MAX + 1 - n), fmt, args);
    va_end(args);
    return false;
}

/* path: from '/', which is the folder. No link leads out of it, whoever made it. */
static int open_beneath(const struct reader *r, const char *path, uint64_t flags)
{
    struct open_how how = {.flags = flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};

    return (int)syscall(SYS_openat2, r->root, path[1] ? path + 1 : ".", &how, sizeof(how));
}

/* ---- a file ---- */

/* clang-format off */
static const struct {
    const char *end, *type;
    bool runs;
} TYPES[] = {
    {".html",        "text/html; charset=utf-8",       true},
    {".js",          "text/javascript; charset=utf-8", true},
    {".mjs",         "text/javascript; charset=utf-8", true},
    {".css",         "text/css; charset=utf-8",        false},
    {".json",        "application/json",               false},
    {".map",         "application/json",               false},
    {".webmanifest", "application/manifest+json",      false},
    {".txt",         "text/plain; charset=utf-8",      false},
    {".xml",         "application/xml",                false},
    {".svg",         "image/svg+xml",                  false},
    {".png",         "image/png",                      false},
    {".jpg",         "image/jpeg",                     false},
    {".jpeg",        "image/jpeg",                     false},
    {".gif",         "image/gif",                      false},
    {".webp",        "image/webp",                     false},
    {".avif",        "image/avif",                     false},
    {".ico",         "image/vnd.microsoft.icon",       false},
    {".woff2",       "font/woff2",                     false},
    {".woff",        "font/woff",                      false},
    {".ttf",         "font/ttf",                       false},
    {".mp4",         "video/mp4",                      false},
    {".webm",        "video/webm",                     false},
    {".mp3",         "audio/mpeg",                     false},
    {".pdf",         "application/pdf",                false},
    {".wasm",        "application/wasm",               false},
};
/* clang-format on */

static void set_type(struct site_file *file)
{
    const char *end = strrchr(file->path, '.');

    file->type = "application/octet-stream";
    for (size_t i = 0; end && i < ARRAY_LEN(TYPES); i++)
        if (strcmp(TYPES[i].end, end) == 0) {
            file->type = TYPES[i].type;
            file->runs = TYPES[i].runs;
        }
}

static bool read_all(int fd, char *data, size_t len)
{
    ssize_t n = 1;

    for (size_t at = 0; at < len && n > 0; at += (size_t)n)
        n = read(fd, data + at, len - at);
    return len == 0 || n > 0;
}

static struct site_file *add(struct site *site)
{
    if (site->n == site->room) {
        size_t room = site->room ? 2 * site->room : 64;
        struct site_file *more = mem_alloc(room, sizeof(*more));

        if (site->n > 0)
            memcpy(more, site->files, site->n * sizeof(*more));
        free(site->files);
        site->files = more;
        site->room = room;
    }
    return &site->files[site->n++];
}

static bool take_file(struct reader *r, const char *path, int fd, size_t len)
{
    struct site_file *file;
    struct site_body *body;

    if (len > SITE_FILE_BYTES_MAX)
        return wrong(r, path, "is larger than %d MiB", SITE_FILE_BYTES_MAX >> 20);
    if (r->site->n == SITE_FILES_MAX || r->site->bytes + len > SITE_BYTES_MAX)
        return wrong(r, path, "is one too many: %d files of %d MiB in all are served at most",
                     SITE_FILES_MAX, SITE_BYTES_MAX >> 20);
    file = add(r->site);
    TEXT_COPY(file->path, path);
    set_type(file);
    body = &file->forms[SITE_PLAIN];
    body->data = mem_alloc(1, len + 1);
    body->len = len;
    r->site->bytes += len;
    if (!read_all(fd, body->data, len))
        return wrong(r, path, "cannot be read to its end");
    digest_etag(body->data, body->len, body->etag);
    return true;
}

/* ---- a folder ---- */

static bool take_folder(struct reader *r, const char *path, int fd);

/* path: of what is there, a file, a folder, or a link to a file. */
static bool take(struct reader *r, const char *path)
{
    int fd = open_beneath(r, path, 0);
    struct stat st, link;
    bool ok;

    if (fd < 0 || fstat(fd, &st) != 0 ||
        fstatat(r->root, path + 1, &link, AT_SYMLINK_NOFOLLOW) != 0) {
        ok = wrong(r, path, "cannot be opened in the folder (%s)", strerror(errno));
    } else if (!route_path_can_be(path)) {
        ok = wrong(r, path, "has a name that no path can have, or is too deep");
    } else if (S_ISDIR(st.st_mode)) {
        if (S_ISDIR(link.st_mode))
            return take_folder(r, path, fd);
        ok = true; /* links between folders could go round */
    } else if (!S_ISREG(st.st_mode)) {
        ok = wrong(r, path, "is neither a file nor a folder");
    } else {
        ok = take_file(r, path, fd, (size_t)st.st_size);
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Closes fd. */
static bool take_folder(struct reader *r, const char *path, int fd)
{
    DIR *folder = fdopendir(fd);
    const struct dirent *entry;
    char name[ROUTE_DECODED_MAX + 1];
    bool ok = true;

    if (!folder) {
        close(fd);
        return wrong(r, path, "cannot be listed (%s)", strerror(errno));
    }
    while (ok && (entry = readdir(folder))) {
        if (entry->d_name[0] == '.' && strcmp(entry->d_name, ".well-known") != 0)
            continue;
        if ((size_t)snprintf(name, sizeof(name), "%s/%s", path[1] ? path : "", entry->d_name) <
            sizeof(name))
            ok = take(r, name);
        else
            ok = wrong(r, path, "holds a path that is too long");
    }
    closedir(folder);
    return ok;
}

bool site_read(struct site *self, const char *dir, char why[SITE_WHY_MAX + 1])
{
    struct reader r = {self, dir, open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), why};
    int fd = r.root >= 0 ? open_beneath(&r, "/", O_DIRECTORY) : -1;
    bool ok =
        fd >= 0 ? take_folder(&r, "/", fd) : wrong(&r, "", "cannot be read (%s)", strerror(errno));

    if (r.root >= 0)
        close(r.root);
    return ok;
}
