/* setting.c - from rows and sources to filled structs, with every error said at once. */
#include "tool/service/setting.h"

#include <string.h>
#include <unistd.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/service/setting_source.h"
#include "tool/service/setting_value.h"

static void make_slots(struct setting_load *load, const struct setting_group *groups,
                       size_t n_groups)
{
    for (size_t g = 0; g < n_groups; g++)
        load->n_slots += groups[g].n;
    load->slots = mem_alloc(load->n_slots, sizeof(*load->slots));
    load->n_slots = 0;
    for (size_t g = 0; g < n_groups; g++) {
        for (size_t i = 0; i < groups[g].n; i++) {
            const struct setting *row = &groups[g].rows[i];

            ASSERT(strlen(row->name) <= SETTING_NAME_MAX);
            load->slots[load->n_slots++] =
                (struct setting_slot){.row = row, .target = (char *)groups[g].target + row->offset};
        }
    }
}

static void free_slots(struct setting_load *load)
{
    for (size_t i = 0; i < load->n_slots; i++) {
        char *text = load->slots[i].text;

        if (text)
            explicit_bzero(text, strlen(text)); /* it may be a secret */
        free(text);
    }
    free(load->slots);
}

static enum setting_verdict load_all(struct setting_load *load, int argc, char **argv,
                                     char **environment)
{
    setting_read_flags(load, argc, argv);
    if (load->help) {
        setting_print_help(load);
        return SETTING_EXIT_OK;
    }
    if (load->show_version) {
        fprintf(load->out, "hanok-%s %s\n", load->service, load->version);
        return SETTING_EXIT_OK;
    }
    setting_read_conf(load);
    setting_read_environment(load, environment);
    setting_read_arguments(load, argc, argv);
    setting_convert_all(load);
    if (load->n_errors > 0) {
        fprintf(load->err, "hanok-%s: %u error%s; --help lists all settings\n", load->service,
                load->n_errors, load->n_errors == 1 ? "" : "s");
        return SETTING_EXIT_BAD;
    }
    if (load->check) {
        fprintf(load->out, "hanok-%s: the settings are good\n", load->service);
        return SETTING_EXIT_OK;
    }
    return SETTING_RUN;
}

enum setting_verdict setting_load_from(struct setting_load *load,
                                       const struct setting_group *groups, size_t n_groups,
                                       int argc, char **argv, char **environment)
{
    enum setting_verdict verdict;

    make_slots(load, groups, n_groups);
    verdict = load_all(load, argc, argv, environment);
    free_slots(load);
    return verdict;
}

enum setting_verdict settings_load(const char *service, const char *version, const char *summary,
                                   const struct setting_group *groups, size_t n_groups, int argc,
                                   char **argv)
{
    struct setting_load load = {
        .service = service, .version = version, .summary = summary, .out = stdout, .err = stderr};

    snprintf(load.conf, sizeof(load.conf), "/etc/hanok/%s.conf", service);
    return setting_load_from(&load, groups, n_groups, argc, argv, environ);
}
