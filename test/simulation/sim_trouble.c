/* sim_trouble.c - see sim_trouble.h. */
#include "test/simulation/sim_trouble.h"

enum { SECOND_US = 1000000, AWAY_MAX_US = 5 * SECOND_US };
enum { LOST_MAX = 8 };
static const int64_t SET_MAX_US = 7200 * (int64_t)SECOND_US;

static struct sim_service *any_service(struct sim_house *house)
{
    return &house->services[sim_below(&house->sim, house->n_services)];
}

static struct sim_instance *any_instance(struct sim_house *house)
{
    return any_service(house)->slots[sim_below(&house->sim, SIM_INSTANCES)].now;
}

static void restart(struct sim_house *house)
{
    sim_stream_restart(&house->stream, (int64_t)sim_below(&house->sim, AWAY_MAX_US));
}

static void restarts(void *arg)
{
    restart(arg);
}

static void loses(void *arg)
{
    struct sim_house *house = arg;
    size_t n = house->stream.n_entries, lost = 1 + (size_t)sim_below(&house->sim, LOST_MAX);

    restart(house);
    sim_stream_lose(&house->stream, lost < n ? n - lost : 0);
}

static void vanishes(void *arg)
{
    struct sim_house *house = arg;

    restart(house);
    sim_stream_vanish(&house->stream);
}

static void is_cut(void *arg)
{
    struct sim_instance *instance = any_instance(arg);

    instance->publisher.cuts++;
    sim_note(instance->process.sim, instance->process.name, "is cut off", ST_OK);
}

static void is_set(void *arg)
{
    struct sim_house *house = arg;
    bool database = sim_chance(&house->sim, 500);
    struct sim_clock *clock =
        database ? &any_service(house)->db_clock : &any_instance(house)->clock;

    clock->set_us = (int64_t)sim_below(&house->sim, 2 * (uint64_t)SET_MAX_US) - SET_MAX_US;
    sim_note(&house->sim, "clock", database ? "of a database is set" : "is set", ST_OK);
}

static void (*const WHAT[SIM_TROUBLES])(void *house) = {
    [SIM_STREAM_RESTARTS] = restarts, [SIM_STREAM_LOSES] = loses,
    [SIM_STREAM_VANISHES] = vanishes, [SIM_CUT] = is_cut,
    [SIM_CLOCK_SET] = is_set,
};

void sim_trouble_at(struct sim_house *house, int64_t at_us, enum sim_trouble_kind kind)
{
    sim_post(&house->sim, at_us - house->sim.now_us, WHAT[kind], house);
}
