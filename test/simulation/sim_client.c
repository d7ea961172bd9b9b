/* sim_client.c - people who sign up, and try again when nobody answers. */
#include <stdio.h>
#include <string.h>

#include "test/simulation/sim_house.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { TRIES_MAX = 6, RETRY_US = 3000000 };

struct sim_client *sim_house_client(struct sim_house *house, int64_t at_us, unsigned who,
                                    unsigned email, const char *key)
{
    struct sim_client *client = &house->clients[house->n_clients++];

    ASSERT(house->n_clients <= SIM_CLIENTS_MAX);
    client->house = house;
    snprintf(client->form.login_id, sizeof(client->form.login_id), "person%u", who);
    snprintf(client->form.password, sizeof(client->form.password), "secret of %u", who);
    snprintf(client->form.person.name, sizeof(client->form.person.name), "Person %u", who);
    snprintf(client->form.person.email, sizeof(client->form.person.email), "%s%u@example.org",
             who % 2 ? "mail" : "MAIL", email);
    snprintf(client->form.person.phone, sizeof(client->form.person.phone), "+8210%07u", who);
    TEXT_COPY(client->key, key);
    sim_post(&house->sim, at_us, sim_client_tries, client);
    return client;
}

static void again(struct sim_client *client)
{
    struct sim *sim = &client->house->sim;

    if (++client->tries < TRIES_MAX)
        sim_post(sim, 1000 + (int64_t)sim_below(sim, RETRY_US), sim_client_tries, client);
}

/* One request, one answer for good. */
static void accept(struct sim_client *client, const struct signup_accepted *answer)
{
    struct sim *sim = &client->house->sim;

    if (client->accepted && (!uuid_equal(client->answer.saga_id, answer->saga_id) ||
                             !uuid_equal(client->answer.user_id, answer->user_id)))
        client->contradicted = true;
    client->accepted = true;
    client->answer = *answer;
    if (client->key[0] && sim_chance(sim, 300)) /* the answer did not reach him */
        again(client);
}

void sim_client_tries(void *arg)
{
    struct sim_client *client = arg;
    struct sim_house *house = client->house;
    struct sim_slot *slot = &house->auth[sim_below(&house->sim, SIM_INSTANCES)];
    struct sim_auth *auth = slot->auth;
    struct problem problem = {0};
    struct signup_accepted answer = {0};
    struct call call = {.clock = &auth->clock.base,
                        .deadline_ms = clock_now_ms(&auth->clock.base) + 5000,
                        .problem = &problem};
    enum status st;

    if (auth->process.dead || house->sim.now_us < slot->frozen_until_us) {
        again(client);
        return;
    }
    TEXT_COPY(call.idempotency_key, client->key);
    st = signup_accept(&auth->signup, &call, &client->form, &answer);
    if (auth->process.dead)
        st = ST_TIMEOUT;
    sim_note(&house->sim, "client", client->form.login_id, st);
    if (st == ST_OK)
        accept(client, &answer);
    else if (client->key[0] && !status_is_refusal(st))
        again(client);
}
