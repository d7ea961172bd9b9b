/* order_num.h - the number people call an order by: the time where the shops are, and ten digits
 * that nobody guesses. */
#ifndef MODEL_ORDER_NUM_H
#define MODEL_ORDER_NUM_H

#include "model/order.h"

enum { ORDER_NUM_TRIES = 5 };

/** yyyyMMddHHmmss of a zone without summer time, then ten digits, each number of them as likely as
 * any other. Two in one second are the same by chance only: who keeps them has a unique index, and
 * draws again. */
void order_num_draw(int64_t wall_us, int64_t east_s, const struct entropy *entropy,
                    char num[ORDER_NUM_MAX + 1]);

#endif
