/* admin_data.c - see admin_data.h. */
#include "tool/service/admin_data.h"

#include "tool/service/doctor.h"
#include "tool/service/id_sets.h"
#include "tool/service/process.h"

enum status admin_doctor(void *self, const struct call *call, const void *in, void *out)
{
    const struct process *process = self;

    (void)in;
    doctor_examine(&process->doctor, call, out);
    return ST_OK;
}

static enum status no_such_set(const struct call *call, const char *name)
{
    return call_fail(call, ST_NOT_FOUND, "no_such_set", "The service has no set %s.", name);
}

enum status admin_id_list(void *self, const struct call *call, const void *in, void *out)
{
    const struct process *process = self;
    const struct id_list_query *query = in;
    const struct id_set *set = id_set_find(process->service, query->set);

    return set ? id_set_page(process->run.db, call, set, query->after, (size_t)query->limit, out)
               : no_such_set(call, query->set);
}

enum status admin_id_keep(void *self, const struct call *call, const void *in, void *out)
{
    const struct process *process = self;
    const struct id_keep_query *query = in;
    const struct id_set *set = id_set_find(process->service, query->set);

    return set ? id_set_keep(process->run.db, call, set, &query->list, out)
               : no_such_set(call, query->set);
}
