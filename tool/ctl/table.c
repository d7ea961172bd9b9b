/* table.c - see table.h. */
#include "tool/ctl/table.h"

#include <libsmartcols/libsmartcols.h>
#include <string.h>

#include "tool/core/clock.h"
#include "tool/core/mem.h"
#include "tool/core/money.h"

enum { TEXT_MAX = 512, MEMBER_MAX = 64, DIGITS_MAX = 4 };

const char *const TABLE_FORMAT_NAMES[] = {"table", "wide", "json", "name", NULL};

/* ---- cells ---- */

/* "message.seq": the member seq of the member message. NULL = it is not there. */
static json_t *member_of(const json_t *item, const char *path)
{
    char name[MEMBER_MAX];
    const char *dot;

    while ((dot = strchr(path, '.'))) {
        snprintf(name, sizeof(name), "%.*s", (int)(dot - path), path);
        item = json_object_get(item, name);
        path = dot + 1;
    }
    return json_object_get(item, path);
}

/* 950ms 12s 3m20s 5h12m 9d4h */
static void show_duration(int64_t ms, char *buf, size_t size)
{
    static const struct {
        int64_t unit_s, part_s;
        char unit, part;
    } UNITS[] = {
        {86400, 3600, 'd', 'h'},
        {3600,  60,   'h', 'm'},
        {60,    1,    'm', 's'},
    };
    const char *minus = ms < 0 ? "-" : "";
    int64_t s;

    ms = ms < 0 ? -ms : ms;
    s = ms / 1000;
    for (size_t i = 0; i < ARRAY_LEN(UNITS); i++) {
        if (s < UNITS[i].unit_s)
            continue;
        snprintf(buf, size, "%s%lld%c%lld%c", minus, (long long)(s / UNITS[i].unit_s),
                 UNITS[i].unit, (long long)(s % UNITS[i].unit_s / UNITS[i].part_s), UNITS[i].part);
        return;
    }
    if (ms >= 1000)
        snprintf(buf, size, "%s%llds", minus, (long long)s);
    else
        snprintf(buf, size, "%s%lldms", minus, (long long)ms);
}

static void show_bytes(int64_t bytes, char *buf, size_t size)
{
    static const char UNITS[] = "KMGT";
    double value = (double)bytes;
    size_t i = 0;

    for (value /= 1024; value >= 1024 && UNITS[i + 1]; value /= 1024)
        i++;
    snprintf(buf, size, "%.1f%ciB", value, UNITS[i]);
}

/* 12900 KRW, 12.75 USD, -0.275 KWD. False: it is no money. */
static bool show_money(const json_t *value, char *buf, size_t size)
{
    const char *currency = json_string_value(json_object_get(value, "currency"));
    const json_t *amount = json_object_get(value, "amount");
    int digits = currency ? money_exponent(currency) : -1;
    long long unit = 1, units = json_integer_value(amount);
    const char *minus = units < 0 ? "-" : "";

    if (digits < 0 || digits > DIGITS_MAX || !json_is_integer(amount) || units == INT64_MIN)
        return false;
    units = units < 0 ? -units : units;
    for (int i = 0; i < digits; i++)
        unit *= 10;
    if (digits == 0)
        snprintf(buf, size, "%s%lld %s", minus, units, currency);
    else
        snprintf(buf, size, "%s%lld.%0*lld %s", minus, units / unit, digits, units % unit,
                 currency);
    return true;
}

static const char *show_number(const struct cell *cell, int64_t value, char *buf, size_t size)
{
    switch (cell->kind) {
    case CELL_S:
        show_duration(value * 1000, buf, size);
        break;
    case CELL_MS:
        show_duration(value, buf, size);
        break;
    case CELL_BYTES:
        show_bytes(value, buf, size);
        break;
    case CELL_PLAIN:
    case CELL_TIME:
    case CELL_MONEY:
        snprintf(buf, size, "%lld", (long long)value);
        break;
    }
    return buf;
}

static const char *show_text(const struct cell *cell, const char *text, int64_t now_us, char *buf,
                             size_t size)
{
    int64_t then_us;

    if (cell->kind != CELL_TIME || clock_parse(text, &then_us) != 0)
        return text;
    show_duration((now_us - then_us) / 1000, buf, size);
    return buf;
}

const char *table_cell_text(const struct cell *cell, const json_t *item, int64_t now_us, char *buf,
                            size_t size)
{
    const json_t *value = member_of(item, cell->member);

    if (json_is_string(value))
        return show_text(cell, json_string_value(value), now_us, buf, size);
    if (json_is_integer(value))
        return show_number(cell, json_integer_value(value), buf, size);
    if (json_is_boolean(value))
        return json_is_true(value) ? "yes" : "no";
    if (json_is_real(value)) {
        snprintf(buf, size, "%g", json_real_value(value));
        return buf;
    }
    if (cell->kind == CELL_MONEY && show_money(value, buf, size))
        return buf;
    if (json_is_object(value) || json_is_array(value)) {
        memset(buf, 0, size);
        json_dumpb(value, buf, size - 1, JSON_COMPACT); /* as much as there is room for */
        return buf;
    }
    return "";
}

/* ---- JSON ---- */

static void print_json(const struct table_style *style, const json_t *value)
{
    json_dumpf(value, style->out, style->lines ? JSON_COMPACT : JSON_INDENT(2));
    fputc('\n', style->out);
}

static json_t *cells_of(const struct listing *listing, const json_t *item)
{
    json_t *object = json_object();

    for (size_t i = 0; i < listing->n; i++) {
        const char *member = listing->cells[i].member, *dot = strrchr(member, '.');
        json_t *value = member_of(item, member);
        if (value)
            json_object_set(object, dot ? dot + 1 : member, value);
    }
    return object;
}

static void print_items(const struct table_style *style, const struct listing *listing,
                        const json_t *items)
{
    json_t *all = json_array(), *page;
    size_t i;
    json_t *item;

    json_array_foreach (items, i, item) {
        json_array_append_new(all, cells_of(listing, item));
        if (style->lines)
            print_json(style, json_array_get(all, i));
    }
    page = json_pack("{s:o}", "items", all);
    if (!style->lines)
        print_json(style, page);
    json_decref(page);
}

/* ---- tables ---- */

static bool is_shown(const struct table_style *style, const struct cell *cell)
{
    return !(cell->flags & CELL_JSON) &&
           (style->format == TABLE_WIDE || !(cell->flags & CELL_WIDE));
}

static void add_column(struct libscols_table *tb, const struct cell *cell)
{
    bool right = cell->kind != CELL_PLAIN;
    int flags = (right ? SCOLS_FL_RIGHT : 0) | (cell->flags & CELL_CUT ? SCOLS_FL_TRUNC : 0);

    scols_table_new_column(tb, cell->heading, cell->flags & CELL_CUT ? 0.3 : 1, flags);
}

static void add_line(struct libscols_table *tb, const struct table_style *style,
                     const struct listing *listing, const json_t *item, int64_t now_us)
{
    struct libscols_line *line = scols_table_new_line(tb, NULL);
    size_t column = 0;

    for (size_t i = 0; i < listing->n; i++) {
        char buf[TEXT_MAX];
        if (!is_shown(style, &listing->cells[i]))
            continue;
        scols_line_set_data(line, column++,
                            table_cell_text(&listing->cells[i], item, now_us, buf, sizeof(buf)));
    }
}

static void print_table(const struct table_style *style, const struct listing *listing,
                        const json_t *items)
{
    struct libscols_table *tb = scols_new_table();
    int64_t now_us = clock_wall_us(&CLOCK_SYSTEM);
    size_t i;
    json_t *item;

    scols_table_set_stream(tb, style->out);
    scols_table_enable_noheadings(tb, style->no_headings);
    for (i = 0; i < listing->n; i++)
        if (is_shown(style, &listing->cells[i]))
            add_column(tb, &listing->cells[i]);
    json_array_foreach (items, i, item) {
        add_line(tb, style, listing, item, now_us);
    }
    scols_print_table(tb);
    scols_unref_table(tb);
}

static void print_names(const struct table_style *style, const struct listing *listing,
                        const json_t *items)
{
    size_t i;
    json_t *item;

    json_array_foreach (items, i, item) {
        for (size_t c = 0; c < listing->n; c++) {
            char buf[TEXT_MAX];
            if (listing->cells[c].flags & CELL_NAME)
                fprintf(style->out, "%s\n",
                        table_cell_text(&listing->cells[c], item, 0, buf, sizeof(buf)));
        }
    }
}

void table_print(const struct table_style *style, const struct listing *listing,
                 const json_t *items)
{
    switch (style->format) {
    case TABLE_JSON:
        print_items(style, listing, items);
        break;
    case TABLE_NAME:
        print_names(style, listing, items);
        break;
    case TABLE_NARROW:
    case TABLE_WIDE:
    case TABLE_FORMATS:
        print_table(style, listing, items);
        break;
    }
}

static void print_lines(const struct table_style *style, const struct listing *listing,
                        const json_t *item)
{
    int64_t now_us = clock_wall_us(&CLOCK_SYSTEM);
    int width = 0;

    for (size_t i = 0; i < listing->n; i++)
        if ((int)strlen(listing->cells[i].heading) > width)
            width = (int)strlen(listing->cells[i].heading);
    for (size_t i = 0; i < listing->n; i++) {
        char buf[TEXT_MAX];
        const char *text = table_cell_text(&listing->cells[i], item, now_us, buf, sizeof(buf));
        if (text[0])
            fprintf(style->out, "%-*s  %s\n", width, listing->cells[i].heading, text);
    }
}

void table_print_one(const struct table_style *style, const struct listing *listing,
                     const json_t *item)
{
    json_t *items = json_pack("[O]", item);

    if (style->format == TABLE_JSON)
        print_json(style, item);
    else if (style->format == TABLE_NAME)
        print_names(style, listing, items);
    else
        print_lines(style, listing, item);
    json_decref(items);
}
