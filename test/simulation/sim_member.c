/* sim_member.c - people who have signed up: they log in, change their profiles, and leave. */
#include <stdio.h>
#include <string.h>

#include "protocol/auth.h"
#include "protocol/user.h"
#include "test/simulation/sim_signup.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

/* A question to any instance of a service; ST_UNAVAILABLE when it does not serve. */
static enum status ask(struct sim_client *client, struct sim_service *service,
                       const struct operation *op, const void *in, struct problem *problem,
                       void *out)
{
    struct sim_instance *instance = sim_house_instance(service);
    struct call call = {.problem = problem};
    enum status st;

    if (!instance)
        return ST_UNAVAILABLE;
    call.clock = instance->run.clock;
    call.deadline_ms = clock_now_ms(call.clock) + 5000;
    st = sim_house_serve(instance, op, &call, in, out);
    sim_note(&client->signup->house.sim, "client", op->subject, st);
    return st;
}

static void log_in(struct sim_client *client, struct sim_errand *errand)
{
    struct login_granted granted = {0};
    struct problem problem = {0};
    struct login_form form;

    TEXT_COPY(form.login_id, client->form.login_id);
    TEXT_COPY(form.password, client->form.password);
    ask(client, client->signup->auth, &AUTH_LOGIN, &form, &problem, &granted);
    sim_signup_again(errand);
}

static struct profile_patch patch_of(const struct sim_client *client)
{
    struct profile_patch patch;
    struct problem problem = {0};
    char json[256], id[UUID_TEXT_LEN + 1];
    enum status st;

    snprintf(json, sizeof(json),
             "{\"userId\":\"%s\",\"name\":\"%s\",\"email\":\"mail%u@example.org\"}",
             uuid_text(client->answer.user_id, id), client->form.login_id, client->address);
    st = decode(USER_UPDATE.request, json, strlen(json), &patch, &problem);
    ASSERT(st == ST_OK);
    return patch;
}

static void change(struct sim_client *client, struct sim_errand *errand)
{
    struct problem problem = {0};
    struct profile_patch patch;
    struct profile profile = {0};
    enum status st = ST_UNAVAILABLE; /* he does not know yet who he is */

    if (client->accepted) {
        patch = patch_of(client);
        st = ask(client, client->signup->user, &USER_UPDATE, &patch, &problem, &profile);
    }
    if (st != ST_OK && (!status_is_refusal(st) || st == ST_NOT_FOUND))
        sim_signup_again(errand);
}

static void keep_promise(struct sim_client *client, struct uuid saga_id)
{
    for (size_t i = 0; i < client->n_withdrawals; i++)
        if (uuid_equal(client->withdrawals[i], saga_id))
            return;
    ASSERT(client->n_withdrawals < SIM_TRIES_MAX);
    client->withdrawals[client->n_withdrawals++] = saga_id;
}

static void leave(struct sim_client *client, struct sim_errand *errand)
{
    struct withdrawal_form form = {client->answer.user_id};
    struct withdrawal_accepted accepted = {0};
    struct problem problem = {0};
    enum status st = ST_UNAVAILABLE;

    if (client->accepted)
        st = ask(client, client->signup->auth, &AUTH_WITHDRAW, &form, &problem, &accepted);
    if (st == ST_OK)
        keep_promise(client, accepted.saga_id);
    if (st == ST_OK ? sim_chance(&client->signup->house.sim, 300)
                    : st == ST_CONFLICT || !status_is_refusal(st))
        sim_signup_again(errand);
}

static void plan(struct sim_errand *errand, struct sim_client *client, int64_t at_us,
                 void (*fn)(struct sim_client *client, struct sim_errand *errand))
{
    *errand = (struct sim_errand){client, fn, 0};
    sim_post(&client->signup->house.sim, at_us, sim_signup_act, errand);
}

void sim_signup_changes(struct sim_client *client, int64_t at_us, unsigned email)
{
    client->address = email;
    plan(&client->changing, client, at_us, change);
}

void sim_signup_logs_in(struct sim_client *client, int64_t at_us)
{
    plan(&client->logging_in, client, at_us, log_in);
}

void sim_signup_leaves(struct sim_client *client, int64_t at_us)
{
    plan(&client->leaving, client, at_us, leave);
}
