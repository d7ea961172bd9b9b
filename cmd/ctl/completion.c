/* completion.c - what shells ask while a line is typed. */
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "model/role.h"
#include "tool/core/mem.h"
#include "tool/ctl/complete.h"

enum { PATIENCE_MS = 1000, OFFERED_MAX = 100 };

enum exit_code ctl_completion(struct session *session)
{
    const char *shell = session->line->words[0];

    if (complete_script(session->set->program, shell, session->style.out))
        return EXIT_DONE;
    return session_fail(session, EXIT_USAGE, "there is no completion for %s, but for %s, %s and %s",
                        shell, COMPLETE_SHELLS[0], COMPLETE_SHELLS[1], COMPLETE_SHELLS[2]);
}

struct asking {
    struct session *session;
    complete_say_fn say;
    void *arg;
};

static void say_services(const struct asking *asking)
{
    struct found *services = mem_alloc(SERVICES_MAX, sizeof(*services));
    size_t n = 0;

    if (session_connect(asking->session) == EXIT_DONE)
        ask_services(asking->session, services, &n);
    for (size_t i = 0; i < n; i++)
        asking->say(asking->arg, services[i].name, NULL);
    free(services);
}

static void say_sagas(const struct asking *asking)
{
    json_t *items, *saga, *body = json_pack("{s:i}", "limit", OFFERED_MAX);
    enum exit_code code = ask_items(asking->session, "admin.saga.list", body, false, &items);
    size_t i;

    json_array_foreach (items, i, saga) {
        const char *id = json_string_value(json_object_get(saga, "sagaId"));
        if (code == EXIT_DONE && id)
            asking->say(asking->arg, id, json_string_value(json_object_get(saga, "step")));
    }
    json_decref(body);
    json_decref(items);
}

static void say_letters(const struct asking *asking)
{
    json_t *items, *letter;
    enum exit_code code = ask_items(asking->session, "admin.dead.list", NULL, false, &items);
    size_t i;

    json_array_foreach (items, i, letter) {
        const char *id = json_string_value(json_object_get(letter, "eventId"));
        if (code == EXIT_DONE && id)
            asking->say(asking->arg, id, json_string_value(json_object_get(letter, "type")));
    }
    json_decref(items);
}

static void say_shells(const struct asking *asking)
{
    for (size_t i = 0; COMPLETE_SHELLS[i]; i++)
        asking->say(asking->arg, COMPLETE_SHELLS[i], NULL);
}

static void say_roles(const struct asking *asking)
{
    for (size_t i = 0; ROLE_NAMES[i]; i++)
        asking->say(asking->arg, ROLE_NAMES[i], NULL);
}

/* By the names in the rows of commands. */
static const struct {
    const char *name;
    void (*say)(const struct asking *asking);
} VALUES[] = {
    {"SERVICE",  say_services},
    {"SAGA_ID",  say_sagas   },
    {"SHELL",    say_shells  },
    {"EVENT_ID", say_letters },
    {"ROLE",     say_roles   },
};

static void print_word(void *arg, const char *word, const char *doc)
{
    fprintf(arg, "%s%s%s\n", word, doc ? "\t" : "", doc ? doc : "");
}

static void say_values(void *arg, const char *name, complete_say_fn say)
{
    struct session session = {
        .set = &HANOKCTL, .style = {.format = TABLE_NARROW, .out = stdout}
    };
    const struct asking asking = {&session, say, arg};

    session.options.timeout_ms = PATIENCE_MS;
    session.options.quiet = true;
    for (size_t i = 0; i < ARRAY_LEN(VALUES); i++)
        if (strcmp(VALUES[i].name, name) == 0)
            VALUES[i].say(&asking);
    bus_close(session.bus);
}

int ctl_complete(int argc, const char *const *argv)
{
    const struct completion completion = {
        .set = &HANOKCTL, .say = print_word, .values = say_values, .arg = stdout};

    if (argc > 0)
        complete_words(&completion, argv, (size_t)argc);
    return EXIT_DONE;
}
