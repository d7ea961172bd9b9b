/* sim_data.c - accounts and profiles of a process that may die. */
#include "test/simulation/sim_process.h"
#include "tool/core/mem.h"

struct sim_accounts {
    struct account_data_service base;
    struct sim_process *process;
    struct account_data_service *inner;
};

static struct sim_accounts *accounts_of(struct account_data_service *base)
{
    return container_of(base, struct sim_accounts, base);
}

static enum status account_insert(struct account_data_service *base, struct transaction *tx,
                                  const struct call *call, const struct account *account)
{
    struct sim_accounts *self = accounts_of(base);

    SIM_THROUGH(self->process, "account.insert",
                self->inner->ops->insert(self->inner, tx, call, account));
}

static enum status account_find_by_login_id(struct account_data_service *base,
                                            struct transaction *tx, const struct call *call,
                                            const char *login_id, struct account *out)
{
    struct sim_accounts *self = accounts_of(base);

    SIM_THROUGH(self->process, "account.find_by_login_id",
                self->inner->ops->find_by_login_id(self->inner, tx, call, login_id, out));
}

static enum status account_find(struct account_data_service *base, struct transaction *tx,
                                const struct call *call, struct uuid id, struct account *out)
{
    struct sim_accounts *self = accounts_of(base);

    SIM_THROUGH(self->process, "account.find",
                self->inner->ops->find(self->inner, tx, call, id, out));
}

static enum status account_change_status(struct account_data_service *base, struct transaction *tx,
                                         const struct call *call, struct uuid id,
                                         enum account_status from, enum account_status to)
{
    struct sim_accounts *self = accounts_of(base);

    SIM_THROUGH(self->process, "account.change_status",
                self->inner->ops->change_status(self->inner, tx, call, id, from, to));
}

static enum status account_remove(struct account_data_service *base, struct transaction *tx,
                                  const struct call *call, struct uuid id,
                                  enum account_status status)
{
    struct sim_accounts *self = accounts_of(base);

    SIM_THROUGH(self->process, "account.remove",
                self->inner->ops->remove(self->inner, tx, call, id, status));
}

static void account_destroy(struct account_data_service *base)
{
    struct sim_accounts *self = accounts_of(base);

    self->inner->ops->destroy(self->inner);
    free(self);
}

static const struct account_data_ops ACCOUNT_OPS = {
    .insert = account_insert,
    .find_by_login_id = account_find_by_login_id,
    .find = account_find,
    .change_status = account_change_status,
    .remove = account_remove,
    .destroy = account_destroy,
};

struct account_data_service *sim_accounts_create(struct sim_process *process,
                                                 struct account_data_service *inner)
{
    struct sim_accounts *self = MEM_NEW(struct sim_accounts);

    *self = (struct sim_accounts){{&ACCOUNT_OPS}, process, inner};
    return &self->base;
}

struct sim_profiles {
    struct profile_data_service base;
    struct sim_process *process;
    struct profile_data_service *inner;
};

static struct sim_profiles *profiles_of(struct profile_data_service *base)
{
    return container_of(base, struct sim_profiles, base);
}

static enum status profile_insert(struct profile_data_service *base, struct transaction *tx,
                                  const struct call *call, const struct profile *profile)
{
    struct sim_profiles *self = profiles_of(base);

    SIM_THROUGH(self->process, "profile.insert",
                self->inner->ops->insert(self->inner, tx, call, profile));
}

static enum status profile_find(struct profile_data_service *base, struct transaction *tx,
                                const struct call *call, struct uuid user_id, struct profile *out)
{
    struct sim_profiles *self = profiles_of(base);

    SIM_THROUGH(self->process, "profile.find",
                self->inner->ops->find(self->inner, tx, call, user_id, out));
}

static enum status profile_remove(struct profile_data_service *base, struct transaction *tx,
                                  const struct call *call, struct uuid user_id)
{
    struct sim_profiles *self = profiles_of(base);

    SIM_THROUGH(self->process, "profile.remove",
                self->inner->ops->remove(self->inner, tx, call, user_id));
}

static void profile_destroy(struct profile_data_service *base)
{
    struct sim_profiles *self = profiles_of(base);

    self->inner->ops->destroy(self->inner);
    free(self);
}

static const struct profile_data_ops PROFILE_OPS = {
    .insert = profile_insert,
    .find = profile_find,
    .remove = profile_remove,
    .destroy = profile_destroy,
};

struct profile_data_service *sim_profiles_create(struct sim_process *process,
                                                 struct profile_data_service *inner)
{
    struct sim_profiles *self = MEM_NEW(struct sim_profiles);

    *self = (struct sim_profiles){{&PROFILE_OPS}, process, inner};
    return &self->base;
}
