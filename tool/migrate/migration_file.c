/* migration_file.c - a folder of numbered SQL files. */
#include "tool/migrate/migration_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/mem.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool migration_name_parse(const char *name, unsigned *number)
{
    size_t len = strlen(name);

    if (len <= strlen("001_.sql") || len > MIGRATION_NAME_MAX || name[3] != '_' ||
        strcmp(name + len - 4, ".sql") != 0)
        return false;
    if (!is_digit(name[0]) || !is_digit(name[1]) || !is_digit(name[2]))
        return false;
    for (size_t i = 4; i < len - 4; i++)
        if (!is_digit(name[i]) && name[i] != '_' && !(name[i] >= 'a' && name[i] <= 'z'))
            return false;
    *number = (unsigned)((name[0] - '0') * 100 + (name[1] - '0') * 10 + (name[2] - '0'));
    return *number > 0;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* The line at *cursor, without its end; moves on to the next. */
static size_t take_line(const char **cursor)
{
    size_t len = strcspn(*cursor, "\n");

    *cursor += len + ((*cursor)[len] == '\n');
    return len;
}

static bool is_divider(const char *line, size_t len)
{
    while (len > 0 && strchr(" \t\r", line[len - 1]))
        len--;
    return len == strlen("-- next") && memcmp(line, "-- next", len) == 0;
}

bool migration_next_statement(const char **cursor, char *out)
{
    size_t n = 0;

    if (!*cursor)
        return false;
    for (;;) {
        const char *line = *cursor;
        size_t len;
        if (!*line) {
            *cursor = NULL;
            break;
        }
        len = take_line(cursor);
        if (is_divider(line, len))
            break;
        if (len >= 2 && memcmp(line, "--", 2) == 0)
            continue;
        memcpy(out + n, line, len);
        n += len;
        out[n++] = '\n';
    }
    while (n > 0 && strchr(" \t\r\n;", out[n - 1]))
        n--;
    out[n] = '\0';
    return true;
}

bool migration_is_repeatable(const char *text)
{
    char *statement = mem_alloc(strlen(text) + 2, 1);
    const char *cursor = text;
    bool guarded = true;

    while (guarded && migration_next_statement(&cursor, statement))
        guarded = strcasestr(statement, "IF NOT EXISTS") || strcasestr(statement, "IF EXISTS");
    free(statement);
    return guarded;
}

static enum status refuse(char why[MIGRATION_WHY_MAX + 1], const char *file, const char *reason)
{
    snprintf(why, MIGRATION_WHY_MAX + 1, "%s: %s", file, reason);
    return ST_INVALID;
}

static enum status read_text(const char *dir, struct migration *m, char why[MIGRATION_WHY_MAX + 1])
{
    char path[4096];
    FILE *file;
    size_t len;

    snprintf(path, sizeof(path), "%s/%s", dir, m->name);
    file = fopen(path, "re");
    if (!file)
        return refuse(why, m->name, strerror(errno));
    m->text = mem_alloc(MIGRATION_SIZE_MAX + 1, 1);
    len = fread(m->text, 1, MIGRATION_SIZE_MAX + 1, file);
    if (ferror(file)) {
        refuse(why, m->name, strerror(errno));
        fclose(file);
        return ST_INVALID;
    }
    fclose(file);
    if (len > MIGRATION_SIZE_MAX)
        return refuse(why, m->name, "is longer than 1 MiB");
    m->text[len] = '\0';
    if (strlen(m->text) != len)
        return refuse(why, m->name, "holds a zero byte");
    return ST_OK;
}

static enum status check_statements(const struct migration *m, char why[MIGRATION_WHY_MAX + 1])
{
    char *statement = mem_alloc(strlen(m->text) + 2, 1);
    const char *cursor = m->text;
    enum status st = ST_OK;

    while (st == ST_OK && migration_next_statement(&cursor, statement))
        if (is_blank(statement))
            st = refuse(why, m->name, "has an empty statement");
    free(statement);
    return st;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct migration *)a)->name, ((const struct migration *)b)->name);
}

static bool ends_in_sql(const char *name)
{
    size_t len = strlen(name);

    return len > 4 && name[0] != '.' && strcmp(name + len - 4, ".sql") == 0;
}

static enum status read_names(DIR *dir, struct migration_list *out, char why[MIGRATION_WHY_MAX + 1])
{
    struct dirent *entry;

    while ((entry = readdir(dir))) {
        struct migration m = {0};
        if (!ends_in_sql(entry->d_name))
            continue;
        if (!migration_name_parse(entry->d_name, &m.number))
            return refuse(why, entry->d_name, "is not named like 001_what_it_does.sql");
        if (out->n == MIGRATIONS_MAX)
            return refuse(why, entry->d_name, "is one too many for three digits");
        TEXT_COPY(m.name, entry->d_name);
        out->items[out->n++] = m;
    }
    return ST_OK;
}

static enum status check_numbers(const struct migration_list *list, char why[MIGRATION_WHY_MAX + 1])
{
    for (size_t i = 0; i < list->n; i++) {
        const struct migration *m = &list->items[i];
        if (m->number == i + 1)
            continue;
        if (i > 0 && m->number == list->items[i - 1].number)
            snprintf(why, MIGRATION_WHY_MAX + 1, "%s and %s have the same number",
                     list->items[i - 1].name, m->name);
        else
            snprintf(why, MIGRATION_WHY_MAX + 1, "number %03zu is missing before %s", i + 1,
                     m->name);
        return ST_INVALID;
    }
    return ST_OK;
}

enum status migration_list_read(const char *dir, struct migration_list *out,
                                char why[MIGRATION_WHY_MAX + 1])
{
    DIR *d = opendir(dir);
    enum status st;

    *out = (struct migration_list){.items = mem_alloc(MIGRATIONS_MAX, sizeof(*out->items))};
    if (!d)
        return refuse(why, dir, strerror(errno));
    st = read_names(d, out, why);
    closedir(d);
    if (st == ST_OK && out->n == 0)
        st = refuse(why, dir, "holds no migration");
    if (st != ST_OK)
        return st;
    qsort(out->items, out->n, sizeof(*out->items), by_name);
    st = check_numbers(out, why);
    for (size_t i = 0; i < out->n && st == ST_OK; i++) {
        st = read_text(dir, &out->items[i], why);
        if (st == ST_OK)
            st = check_statements(&out->items[i], why);
    }
    return st;
}

void migration_list_free(struct migration_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->items[i].text);
    free(list->items);
    *list = (struct migration_list){0};
}
