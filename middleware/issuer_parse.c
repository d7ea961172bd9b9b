/* issuer_parse.c - the file of issuers, read with words about what is wrong. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "middleware/issuer_option.h"
#include "middleware/issuer_url.h"
#include "middleware/text_file.h"
#include "tool/core/mem.h"

enum { LINE_MAX_BYTES = 4095, FILE_MAX_BYTES = 65536 };

static const char BLANKS[] = " \t\r";

struct parser {
    const char *name, *own;
    unsigned line;
    char *why;
    struct issuer_table *table;
};

static bool __attribute__((format(printf, 2, 3))) wrong(struct parser *p, const char *fmt, ...)
{
    int n = snprintf(p->why, ISSUER_WHY_MAX + 1, "%s:%u: ", p->name, p->line);
    va_list args;

    va_start(args, fmt);
    if (n >= 0 && n <= ISSUER_WHY_MAX)
        vsnprintf(p->why + n, (size_t)(ISSUER_WHY_MAX + 1 - n), fmt, args);
    va_end(args);
    return false;
}

static bool take_option(struct parser *p, struct issuer *issuer, char *text,
                        bool seen[ISSUER_OPTIONS])
{
    char *value = strchr(text, '=');
    const struct issuer_option *option;

    if (!value)
        return wrong(p, "'%s': options are key=value", text);
    *value++ = '\0';
    option = issuer_option_find(text);
    if (!option)
        return wrong(p, "'%s' is no option of an issuer", text);
    if (seen[option - ISSUER_OPTION_ROWS] && !option->many)
        return wrong(p, "%s is there twice", text);
    seen[option - ISSUER_OPTION_ROWS] = true;
    if (!option->take(issuer, value))
        return wrong(p, "%s=%s: %s is right", text, value, option->right);
    return true;
}

/* What the others say must fit together. */
static bool check(struct parser *p, const struct issuer *issuer, const bool seen[ISSUER_OPTIONS])
{
    for (size_t i = 0; i < ISSUER_OPTIONS; i++)
        if (ISSUER_OPTION_ROWS[i].required && !seen[i])
            return wrong(p, "%s: %s= is needed", issuer->name, ISSUER_OPTION_ROWS[i].name);
    if (issuer_url_is_plain(issuer->keys) && !issuer_url_is_plain(issuer->name))
        return wrong(p, "keys=%s: an https:// address is right for %s", issuer->keys, issuer->name);
    if ((issuer->claim[0] != '\0') != (issuer->n_roles > 0))
        return wrong(p, "%s: claim= and role= go together", issuer->name);
    if (issuer_find(p->table, issuer->name))
        return wrong(p, "%s is there already, in line %u", issuer->name,
                     issuer_find(p->table, issuer->name)->line);
    if (strcmp(issuer->name, p->own) == 0)
        return wrong(p, "%s: our own tokens are of that issuer", issuer->name);
    return p->table->n < ISSUERS_MAX || wrong(p, "there are more than %d issuers", ISSUERS_MAX);
}

static bool take_line(struct parser *p, char *line)
{
    struct issuer issuer = {.line = p->line};
    bool seen[ISSUER_OPTIONS] = {false};
    char *rest, *name = strtok_r(line, BLANKS, &rest), *option;

    if (!name)
        return true;
    if (!issuer_url_fits(name) || strchr(name, '?') || !TEXT_COPY(issuer.name, name))
        return wrong(p, "'%s' is no issuer: an https:// address without a query is right", name);
    for (size_t i = 0; i < ISSUER_OPTIONS; i++)
        if (ISSUER_OPTION_ROWS[i].fallback)
            ISSUER_OPTION_ROWS[i].take(&issuer, ISSUER_OPTION_ROWS[i].fallback);
    while ((option = strtok_r(NULL, BLANKS, &rest)))
        if (!take_option(p, &issuer, option, seen))
            return false;
    if (!check(p, &issuer, seen))
        return false;
    p->table->issuers[p->table->n++] = issuer;
    return true;
}

static bool take_text(struct parser *p, const char *text)
{
    char line[LINE_MAX_BYTES + 1];

    while (*text) {
        size_t len = strcspn(text, "\n");

        p->line++;
        if (len > LINE_MAX_BYTES)
            return wrong(p, "the line is longer than %d bytes", LINE_MAX_BYTES);
        memcpy(line, text, len);
        line[len] = '\0';
        if (line[strspn(line, BLANKS)] != '#' && !take_line(p, line))
            return false;
        text += len + (text[len] == '\n');
    }
    return true;
}

struct issuer_table *issuer_table_parse(const char *name, const char *text, const char *own,
                                        char why[ISSUER_WHY_MAX + 1])
{
    struct parser p = {.name = name, .own = own, .why = why};
    struct issuer_table *fitted = NULL;

    why[0] = '\0';
    p.table = mem_alloc(1, sizeof(*p.table) + ISSUERS_MAX * sizeof(p.table->issuers[0]));
    if (take_text(&p, text)) {
        size_t size = sizeof(*p.table) + p.table->n * sizeof(p.table->issuers[0]);

        fitted = mem_alloc(1, size);
        memcpy(fitted, p.table, size);
    }
    free(p.table);
    return fitted;
}

struct issuer_table *issuer_table_load(const char *file, const char *own,
                                       char why[ISSUER_WHY_MAX + 1])
{
    char *text = text_file_read(file, FILE_MAX_BYTES, why, ISSUER_WHY_MAX + 1);
    struct issuer_table *table = text ? issuer_table_parse(file, text, own, why) : NULL;

    free(text);
    return table;
}

void issuer_help_write(FILE *out)
{
    fputs("Who besides us may say who somebody is. One row an issuer of access tokens:\n"
          "\n"
          "  https://issuer key=value ...\n"
          "\n",
          out);
    for (size_t i = 0; i < ISSUER_OPTIONS; i++) {
        const struct issuer_option *option = &ISSUER_OPTION_ROWS[i];
        char left[64];

        snprintf(left, sizeof(left), "%s=%s", option->name, option->form);
        fprintf(out, "  %-26s %s%s%s%s\n", left, option->doc, option->fallback ? " (" : "",
                option->fallback ? option->fallback : "", option->fallback ? ")" : "");
    }
    fputs("\n"
          "In brackets: what holds without it. The issuer is what its tokens say as iss, to the "
          "byte.\n"
          "Addresses are https://, or http:// of this machine itself. Read again on SIGHUP, where "
          "a\n"
          "file with a mistake changes nothing.\n",
          out);
}
