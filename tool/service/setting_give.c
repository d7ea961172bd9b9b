/* setting_give.c - puts a text beside the row it belongs to, or says why not. The other parts of
 * settings build on this one. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/core/slip.h"
#include "tool/service/setting_load.h"

enum { SECRET_MAX = 4096 };

static const char FILE_SUFFIX[] = "-file";

void setting_error(struct setting_load *load, const char *fmt, ...)
{
    va_list args;

    load->n_errors++;
    fprintf(load->err, "hanok-%s: ", load->service);
    va_start(args, fmt);
    vfprintf(load->err, fmt, args);
    va_end(args);
    fputc('\n', load->err);
}

void setting_variable_name(const char *name, char variable[SETTING_NAME_MAX + 16])
{
    size_t at = strlen(SETTING_VARIABLE_PREFIX);

    memcpy(variable, SETTING_VARIABLE_PREFIX, at);
    for (; *name && at < SETTING_NAME_MAX + 15; name++)
        variable[at++] = (char)(*name == '-' ? '_' : toupper((unsigned char)*name));
    variable[at] = '\0';
}

/* The slot of name; *from_file when name is a secret's with "-file" behind it. */
static struct setting_slot *find_slot(struct setting_load *load, const char *name, bool *from_file)
{
    size_t len = strlen(name), suffix = strlen(FILE_SUFFIX);

    *from_file = false;
    for (size_t i = 0; i < load->n_slots; i++)
        if (strcmp(load->slots[i].row->name, name) == 0)
            return &load->slots[i];
    if (len <= suffix || strcmp(name + len - suffix, FILE_SUFFIX) != 0)
        return NULL;
    *from_file = true;
    for (size_t i = 0; i < load->n_slots; i++) {
        const struct setting *row = load->slots[i].row;

        if (row->kind == SETTING_SECRET && strlen(row->name) == len - suffix &&
            memcmp(row->name, name, len - suffix) == 0)
            return &load->slots[i];
    }
    return NULL;
}

bool setting_is_needed(const struct setting_load *load, const struct setting *row)
{
    if (!load->needs || row->kind == SETTING_FLAG)
        return true;
    for (size_t i = 0; load->needs[i]; i++)
        if (strcmp(load->needs[i], row->name) == 0)
            return true;
    return false;
}

const struct setting *setting_find(struct setting_load *load, const char *name)
{
    bool from_file;
    struct setting_slot *slot = find_slot(load, name, &from_file);

    return slot ? slot->row : NULL;
}

static void unknown(struct setting_load *load, const char *origin, const char *name)
{
    const char *nearest = NULL;
    size_t best = strlen(name) / 3 + 2;

    for (size_t i = 0; i < load->n_slots; i++) {
        size_t d = slip_distance(name, load->slots[i].row->name);

        if (d < best) {
            best = d;
            nearest = load->slots[i].row->name;
        }
    }
    if (nearest)
        setting_error(load, "%s: there is no setting \"%s\"; did you mean \"%s\"?", origin, name,
                      nearest);
    else
        setting_error(load, "%s: there is no setting \"%s\"", origin, name);
}

/* The text in the file at path, without its last line break; NULL after saying why. */
static char *read_secret(struct setting_load *load, const char *origin, const char *path)
{
    char buf[SECRET_MAX + 2], *text = NULL;
    FILE *file = fopen(path, "re");
    size_t len;

    if (!file) {
        setting_error(load, "%s: cannot read \"%s\": %s", origin, path, strerror(errno));
        return NULL;
    }
    setvbuf(file, NULL, _IONBF, 0); /* no copy of a secret stays in a buffer */
    errno = 0;
    len = fread(buf, 1, sizeof(buf) - 1, file);
    buf[len] = '\0';
    if (ferror(file)) {
        setting_error(load, "%s: cannot read \"%s\": %s", origin, path, strerror(errno));
    } else if (len > SECRET_MAX || memchr(buf, '\0', len)) {
        setting_error(load, "%s: \"%s\" holds no text of at most %d bytes", origin, path,
                      SECRET_MAX);
    } else {
        if (len > 0 && buf[len - 1] == '\n')
            buf[--len] = '\0';
        if (len > 0 && buf[len - 1] == '\r')
            buf[--len] = '\0';
        if (len == 0)
            setting_error(load, "%s: \"%s\" is empty", origin, path);
        else
            text = mem_strdup(buf);
    }
    fclose(file);
    explicit_bzero(buf, sizeof(buf));
    return text;
}

void setting_give(struct setting_load *load, enum setting_source source, const char *origin,
                  const char *name, const char *text)
{
    bool from_file;
    struct setting_slot *slot = find_slot(load, name, &from_file);
    char *value;

    if (!slot) {
        unknown(load, origin, name);
        return;
    }
    if (slot->row->kind == SETTING_FLAG && source != SOURCE_ARGUMENTS) {
        setting_error(load, "%s: is a word of the command line only", origin);
        return;
    }
    if (!setting_is_needed(load, slot->row))
        return;
    if (slot->source == source && source != SOURCE_ARGUMENTS) {
        setting_error(load, "%s: already given by %s", origin, slot->origin);
        return;
    }
    value = from_file ? read_secret(load, origin, text) : mem_strdup(text);
    if (!value)
        value = mem_strdup(""); /* an error was said; the slot counts as given */
    if (slot->text)
        explicit_bzero(slot->text, strlen(slot->text));
    free(slot->text);
    slot->text = value;
    slot->source = source;
    slot->failed = from_file && value[0] == '\0';
    snprintf(slot->origin, sizeof(slot->origin), "%s", origin);
}
