/* event_memory_test.c - events heard, and dead letters, over memory. */
#include "test/tool/event/event_contract.h"
#include "tool/core/log.h"

int main(void)
{
    struct orders orders;
    int failed;

    log_set_fd(-1);
    orders_init_memory(&orders);
    failed = dead_letters_contract(&orders) + hearer_contract(&orders) +
             together_contract(&orders) + replay_contract(&orders) + feed_contract(&orders);
    orders_fini(&orders);
    return failed;
}
