/* book_file.c - see book_file.h. */
#include "cmd/pgsim/book_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { FIRST_ROOM = 4096 };

struct book_file {
    int fd;
    char *added; /* not yet written */
    size_t len, room;
};

/* The folder keeps the name of a file that is new. */
static bool sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[4096] = ".";
    int fd;
    bool ok;

    if (slash)
        snprintf(folder, sizeof(folder), "%.*s", (int)(slash > path ? slash - path : 1), path);
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Tells whole lines; *good is where they end. False with why. */
static bool tell_lines(FILE *in, const char *path, book_line_fn line, void *arg, off_t *good,
                       char why[BOOK_FILE_WHY_MAX + 1])
{
    char *text = NULL;
    size_t size = 0, number = 0;
    bool ok = true;
    ssize_t n;

    *good = 0;
    while (ok && (n = getline(&text, &size, in)) > 0 && text[n - 1] == '\n') {
        number++;
        ok = line(arg, text, (size_t)n - 1);
        *good += ok ? n : 0;
    }
    if (!ok)
        snprintf(why, BOOK_FILE_WHY_MAX + 1, "line %zu of %s is damaged", number, path);
    else if (ferror(in))
        snprintf(why, BOOK_FILE_WHY_MAX + 1, "%s: %s", path, strerror(errno));
    ok = ok && !ferror(in);
    free(text);
    return ok;
}

static bool read_all(int fd, const char *path, book_line_fn line, void *arg,
                     char why[BOOK_FILE_WHY_MAX + 1])
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    FILE *in = copy >= 0 ? fdopen(copy, "r") : NULL;
    off_t good = 0, end = lseek(fd, 0, SEEK_END);
    bool ok = false;

    if (in && end >= 0 && fseeko(in, 0, SEEK_SET) == 0)
        ok = tell_lines(in, path, line, arg, &good, why);
    else
        snprintf(why, BOOK_FILE_WHY_MAX + 1, "%s: %s", path, strerror(errno));
    if (ok && good < end) {
        log_warn("a line that was cut short is cut off", LOG_INT("bytes", end - good));
        ok = ftruncate(fd, good) == 0 && fsync(fd) == 0;
        if (!ok)
            snprintf(why, BOOK_FILE_WHY_MAX + 1, "%s: %s", path, strerror(errno));
    }
    if (in)
        fclose(in);
    else if (copy >= 0)
        close(copy);
    return ok;
}

struct book_file *book_file_open(const char *path, book_line_fn line, void *arg,
                                 char why[BOOK_FILE_WHY_MAX + 1])
{
    struct book_file *file;
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    if (fd < 0 || !sync_folder(path)) {
        snprintf(why, BOOK_FILE_WHY_MAX + 1, "%s: %s", path, strerror(errno));
        goto fail;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        snprintf(why, BOOK_FILE_WHY_MAX + 1, "%s is open in another process", path);
        goto fail;
    }
    if (!read_all(fd, path, line, arg, why))
        goto fail;
    file = MEM_NEW(struct book_file);
    file->fd = fd;
    return file;
fail:
    if (fd >= 0)
        close(fd);
    return NULL;
}

void book_file_close(struct book_file *file)
{
    if (!file)
        return;
    close(file->fd);
    free(file->added);
    free(file);
}

void book_file_add(struct book_file *file, const char *line, size_t len)
{
    if (file->len + len + 1 > file->room) {
        size_t room = 2 * (file->len + len + 1) + FIRST_ROOM;
        char *more = mem_alloc(1, room);

        if (file->len > 0)
            memcpy(more, file->added, file->len);
        free(file->added);
        file->added = more;
        file->room = room;
    }
    memcpy(file->added + file->len, line, len);
    file->added[file->len + len] = '\n';
    file->len += len + 1;
}

bool book_file_sync(struct book_file *file)
{
    size_t written = 0;

    if (file->len == 0)
        return true;
    while (written < file->len) {
        ssize_t n = write(file->fd, file->added + written, file->len - written);

        if (n < 0 && errno != EINTR)
            return false;
        written += n > 0 ? (size_t)n : 0;
    }
    file->len = 0;
    return fdatasync(file->fd) == 0;
}
