/* sim_jobs.c - see sim_jobs.h. Each time one of the instances does it: which one, is chance. */
#include "test/simulation/sim_jobs.h"

#include "test/simulation/sim_instance.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/job/memory/lease_memory.h"

enum { SOON_US = 100000 };

static enum status work(const struct sim_job *job, struct sim_instance *instance,
                        struct job_run *run)
{
    enum status st = job->row->fn((char *)instance->self + job->row->self, run);

    if (!instance->process.dead)
        sim_note(instance->process.sim, instance->process.name, job->row->name, st);
    return st;
}

/* Of one instance at a time, unless it stands still for longer than its lease. */
static enum status work_alone(const struct sim_job *job, struct sim_instance *instance,
                              struct job_run *run)
{
    struct lease *leases = job->service->leases;
    struct uuid holder = uuid_v7(run->call->clock, instance->run.entropy);
    int64_t wait_ms;
    enum status st =
        leases->ops->take(leases, run->call, run->name, holder,
                          job->row->timeout_ms + SOON_US / 1000, &run->fence, &wait_ms);

    if (st != ST_OK)
        return st;
    run->lease = leases;
    st = work(job, instance, run);
    if (!instance->process.dead)
        leases->ops->give(leases, run->call, run->name, run->fence, 0);
    return st;
}

static enum status do_job(const struct sim_job *job, struct sim_instance *instance, unsigned bit)
{
    struct call call = {.clock = instance->run.clock,
                        .deadline_ms = clock_now_ms(instance->run.clock) + job->row->timeout_ms};
    struct job_run run = {.call = &call, .name = job->row->name};
    enum status st;

    instance->working |= bit;
    st = job->row->where == JOB_ONE_INSTANCE ? work_alone(job, instance, &run)
                                             : work(job, instance, &run);
    instance->working &= ~bit;
    return st;
}

static void is_due(void *arg)
{
    const struct sim_job *job = arg;
    struct sim_house *house = job->service->house;
    struct sim_instance *instance = sim_house_instance(job->service);
    unsigned bit = 1u << (job - job->service->jobs);
    enum status st = ST_OK;

    if (house->over)
        return;
    if (instance && !(instance->working & bit) && house->sim.depth < SIM_DEPTH_MAX)
        st = do_job(job, instance, bit);
    sim_post(&house->sim, st == ST_PENDING ? SOON_US : job->row->every_ms * INT64_C(1000), is_due,
             arg);
}

void sim_jobs_add(struct sim_service *service)
{
    struct service_jobs *all = &service->job_rows;
    struct sim *sim = &service->house->sim;

    service_jobs_init(all, service->rows);
    ASSERT(all->n <= SIM_JOBS_MAX);
    if (all->n == 0)
        return;
    service->leases = lease_memory_create(service->db, &service->db_clock.base);
    for (size_t i = 0; i < all->n; i++) {
        service->jobs[i] = (struct sim_job){service, &all->rows[i]};
        sim_post(sim, (int64_t)sim_below(sim, (uint64_t)all->rows[i].every_ms * 1000), is_due,
                 &service->jobs[i]);
    }
}

void sim_jobs_remove(struct sim_service *service)
{
    if (service->leases)
        service->leases->ops->destroy(service->leases);
    service_jobs_fini(&service->job_rows);
}
