/* timer_wheel.c - a hashed timer wheel with a bitmap of the slots in use. */
#include "tool/core/timer_wheel.h"

void timer_wheel_init(struct timer_wheel *wheel, const struct clock *clock)
{
    *wheel = (struct timer_wheel){.clock = clock, .tick = clock_now_ms(clock) / TIMER_TICK_MS};
}

/* The tick by which a timer is surely due. */
static int64_t due_tick(int64_t due_ms)
{
    return (due_ms + TIMER_TICK_MS - 1) / TIMER_TICK_MS;
}

static size_t slot_of(int64_t tick)
{
    return (size_t)tick % TIMER_SLOTS;
}

static void link_timer(struct loop_timer **head, struct loop_timer *timer)
{
    timer->next = *head;
    timer->prev = head;
    if (*head)
        (*head)->prev = &timer->next;
    *head = timer;
}

static void unlink_timer(struct loop_timer *timer)
{
    *timer->prev = timer->next;
    if (timer->next)
        timer->next->prev = timer->prev;
    timer->next = NULL;
    timer->prev = NULL;
}

void timer_wheel_cancel(struct timer_wheel *wheel, struct loop_timer *timer)
{
    size_t slot = slot_of(due_tick(timer->due_ms));

    if (!timer->prev)
        return;
    unlink_timer(timer);
    if (!wheel->slots[slot])
        wheel->used[slot / TIMER_WORD_BITS] &= ~(UINT64_C(1) << slot % TIMER_WORD_BITS);
}

void timer_wheel_set(struct timer_wheel *wheel, struct loop_timer *timer, int64_t delay_ms)
{
    int64_t tick;
    size_t slot;

    timer_wheel_cancel(wheel, timer);
    timer->due_ms = clock_now_ms(wheel->clock) + (delay_ms > 0 ? delay_ms : 0);
    tick = due_tick(timer->due_ms);
    if (tick <= wheel->tick) { /* that slot was looked at already: the next one is */
        tick = wheel->tick + 1;
        timer->due_ms = tick * TIMER_TICK_MS;
    }
    slot = slot_of(tick);
    link_timer(&wheel->slots[slot], timer);
    wheel->used[slot / TIMER_WORD_BITS] |= UINT64_C(1) << slot % TIMER_WORD_BITS;
}

/* Moves the due timers of one slot behind *tail, into a list they can still be cancelled from;
 * returns its new tail. */
static struct loop_timer **collect_slot(struct timer_wheel *wheel, size_t slot, int64_t now_tick,
                                        struct loop_timer **tail)
{
    struct loop_timer *timer = wheel->slots[slot], *next;

    for (; timer; timer = next) {
        next = timer->next;
        if (due_tick(timer->due_ms) > now_tick)
            continue;
        unlink_timer(timer);
        link_timer(tail, timer);
        tail = &timer->next;
    }
    if (!wheel->slots[slot])
        wheel->used[slot / TIMER_WORD_BITS] &= ~(UINT64_C(1) << slot % TIMER_WORD_BITS);
    return tail;
}

void timer_wheel_run(struct timer_wheel *wheel)
{
    int64_t now_tick = clock_now_ms(wheel->clock) / TIMER_TICK_MS;
    int64_t from = wheel->tick + 1;
    struct loop_timer *due = NULL, **tail = &due;

    if (now_tick - from >= TIMER_SLOTS) /* one round sees every slot */
        from = now_tick - TIMER_SLOTS + 1;
    for (int64_t tick = from; tick <= now_tick; tick++)
        if (wheel->slots[slot_of(tick)])
            tail = collect_slot(wheel, slot_of(tick), now_tick, tail);
    if (now_tick > wheel->tick)
        wheel->tick = now_tick;
    while (due) {
        struct loop_timer *timer = due;

        unlink_timer(timer);
        timer->fn(timer->arg);
    }
}

int timer_wheel_wait_ms(const struct timer_wheel *wheel)
{
    size_t start = slot_of(wheel->tick + 1);

    for (size_t n = 0; n < TIMER_SLOTS;) {
        size_t slot = (start + n) % TIMER_SLOTS;
        uint64_t word = wheel->used[slot / TIMER_WORD_BITS] >> slot % TIMER_WORD_BITS;

        if (word) {
            int64_t tick = wheel->tick + 1 + (int64_t)n + __builtin_ctzll(word);
            int64_t wait = tick * TIMER_TICK_MS - clock_now_ms(wheel->clock);

            return wait > 0 ? (int)wait : 0;
        }
        n += TIMER_WORD_BITS - slot % TIMER_WORD_BITS;
    }
    return -1;
}
