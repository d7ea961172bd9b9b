/* setting_value.c - the texts of settings as values, and the --help text. */
#include "tool/service/setting_value.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/core/zone.h"

static bool has_limits(const struct setting *row)
{
    return row->min != 0 || row->max != 0;
}

/* "a whole number from 1 to 9 (ms)", "on or off", "one of debug, info" */
static void describe_right(const struct setting *row, char *buf, size_t size)
{
    FILE *out = fmemopen(buf, size, "w");

    ASSERT(out);
    switch (row->kind) {
    case SETTING_INT:
        fputs("a whole number", out);
        if (has_limits(row))
            fprintf(out, " from %lld to %lld", row->min, row->max);
        if (row->unit)
            fprintf(out, " (%s)", row->unit);
        break;
    case SETTING_ZONE:
        fputs("a zone without summer time by its name, or its offset (+09:00)", out);
        break;
    case SETTING_SWITCH:
    case SETTING_FLAG:
        fputs("on or off", out);
        break;
    case SETTING_TEXT:
    case SETTING_SECRET:
        if (row->choices) {
            fputs("one of", out);
            for (size_t i = 0; row->choices[i]; i++)
                fprintf(out, "%s %s", i ? "," : "", row->choices[i]);
        } else {
            fprintf(out, "a text of at most %zu bytes", row->size - 1);
        }
        break;
    }
    fclose(out);
}

static bool convert_int(const struct setting *row, const char *text, void *target)
{
    long long v;
    char *end;

    /* strtoll() skips blanks and takes a plus sign; we do not. */
    if ((text[0] < '0' || text[0] > '9') && text[0] != '-')
        return false;
    errno = 0;
    v = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0')
        return false;
    if (has_limits(row) && (v < row->min || v > row->max))
        return false;
    *(int64_t *)target = v * (row->times ? row->times : 1);
    return true;
}

static bool convert_switch(const char *text, void *target)
{
    bool on = strcmp(text, "on") == 0;

    if (!on && strcmp(text, "off") != 0)
        return false;
    *(bool *)target = on;
    return true;
}

static bool is_choice(const struct setting *row, const char *text)
{
    for (size_t i = 0; row->choices[i]; i++)
        if (strcmp(row->choices[i], text) == 0)
            return true;
    return false;
}

static bool convert(const struct setting *row, const char *text, void *target)
{
    switch (row->kind) {
    case SETTING_INT:
        return convert_int(row, text, target);
    case SETTING_ZONE:
        return zone_read(text, target);
    case SETTING_SWITCH:
    case SETTING_FLAG:
        return convert_switch(text, target);
    case SETTING_TEXT:
    case SETTING_SECRET:
        return (!row->choices || is_choice(row, text)) && text_copy(target, row->size, text);
    }
    return false;
}

static void convert_given(struct setting_load *load, const struct setting_slot *slot)
{
    const struct setting *row = slot->row;
    bool secret = row->kind == SETTING_SECRET;
    char right[256];

    if (slot->failed)
        return;
    if (secret && slot->text[0] == '\0') {
        setting_error(load, "%s: is empty; a secret must not be", slot->origin);
        return;
    }
    if (convert(row, slot->text, slot->target))
        return;
    describe_right(row, right, sizeof(right));
    if (secret)
        setting_error(load, "%s: must be %s", slot->origin, right);
    else
        setting_error(load, "%s: must be %s, not \"%s\"", slot->origin, right, slot->text);
}

static void convert_default(struct setting_load *load, const struct setting_slot *slot)
{
    const struct setting *row = slot->row;
    char variable[SETTING_NAME_MAX + 16];

    if (row->fallback) {
        ASSERT(convert(row, row->fallback, slot->target));
        return;
    }
    if (load->flagged)
        return;
    setting_variable_name(row->name, variable);
    if (row->kind == SETTING_SECRET)
        setting_error(load, "%s: must be given: %s_FILE, %s, --%s or a line in %s (%s)", row->name,
                      variable, variable, row->name, load->conf, row->doc);
    else
        setting_error(load, "%s: must be given: --%s, %s or a line in %s (%s)", row->name,
                      row->name, variable, load->conf, row->doc);
}

static void ask_check(struct setting_load *load, const struct setting_slot *slot)
{
    const char *why = NULL;

    if (slot->row->check && setting_is_needed(load, slot->row))
        why = slot->row->check(slot->target);
    if (why)
        setting_error(load, "%s: %s", slot->text ? slot->origin : slot->row->name, why);
}

void setting_convert_all(struct setting_load *load)
{
    for (size_t i = 0; i < load->n_slots; i++) {
        if (load->slots[i].source != SOURCE_NONE)
            convert_given(load, &load->slots[i]);
        else
            convert_default(load, &load->slots[i]);
    }
    for (size_t i = 0; i < load->n_slots && load->n_errors == 0; i++)
        ask_check(load, &load->slots[i]);
}

static void print_row(FILE *out, const struct setting *row)
{
    static const char *const KINDS[] = {
        [SETTING_TEXT] = "TEXT",     [SETTING_INT] = "NUMBER",    [SETTING_ZONE] = "TEXT",
        [SETTING_SWITCH] = "on|off", [SETTING_SECRET] = "SECRET", [SETTING_FLAG] = ""};
    char right[256];

    if (row->kind == SETTING_FLAG)
        return;
    fprintf(out, "  --%s %s\n      %s\n      ", row->name, KINDS[row->kind], row->doc);
    if (row->kind == SETTING_INT || row->choices) {
        describe_right(row, right, sizeof(right));
        fprintf(out, "%s; ", right);
    }
    if (!row->fallback)
        fputs("must be given\n", out);
    else if (row->fallback[0] == '\0')
        fputs("none by default\n", out);
    else
        fprintf(out, "default %s%s%s\n", row->fallback, row->unit ? " " : "",
                row->unit ? row->unit : "");
}

void setting_print_help(const struct setting_load *load)
{
    FILE *out = load->out;

    fprintf(out, "hanok-%s - %s\n\n", load->service, load->summary);
    fprintf(out, "usage: hanok-%s [--name value]...\n\n", load->service);
    fprintf(out,
            "  --help       this text\n"
            "  --version    which version this is\n"
            "  --check      look at the settings, say what is wrong with them, and exit\n"
            "  --config FILE\n"
            "               read FILE instead of %s\n",
            load->conf);
    for (size_t i = 0; i < load->n_slots; i++)
        if (load->slots[i].row->kind == SETTING_FLAG)
            fprintf(out, "  --%s\n               %s\n", load->slots[i].row->name,
                    load->slots[i].row->doc);
    fputc('\n', out);
    fprintf(out,
            "Settings: --name value, or HANOK_NAME in the environment, or \"name = value\" in the\n"
            "file, in that order of strength. A SECRET may also be read from a file:\n"
            "HANOK_NAME_FILE, --name-file, name-file.\n\n");
    for (size_t i = 0; i < load->n_slots; i++)
        print_row(out, load->slots[i].row);
}
