/*
 * moratoria - days without payments as stored, and the loans they were told to.
 */
#ifndef PAYMENTS_STORE_MORATORIA_H
#define PAYMENTS_STORE_MORATORIA_H

#include "payments/core/moratorium.h"
#include "payments/store/sites.h"

#define MORATORIA_PAGE 10

struct moratorium {
	int32_t cooperative_id;
	struct uuid moratorium_id, site_id, asked_by;
	char site[SITE_CODE_MAX + 1];
	struct moratorium_days days;
	unsigned loans; /* live ones of the site */
};

/* cooperative, now_ms, site: that day there, and the site's code. */
extern const struct pg_statement moratorium_today;
/* cooperative, id or nil (all), skip, count: those that wait for a second officer. */
extern const struct pg_statement moratoria_asked;
/* cooperative code or "", now_ms.  For lists: cooperative, site, from, to, interest,
 * state, loans it was told to, loans it waits for. */
extern const struct pg_statement moratorium_list;
bool moratorium_read(const struct pg_reply *r, int row, struct moratorium *out);
/* Bodies of "moratorium_new" (stale: another one of the site shares a day) and
 * "moratorium_decide" (stale: decided before). */
void moratorium_new_body(struct buf *out, const struct moratorium *m, int64_t now_ms);
void moratorium_decide_body(struct buf *out, const struct uuid *moratorium_id,
                            bool declared, const struct uuid *by, int64_t now_ms);

/* A loan that a declared one still has to be told to. */
struct moratorium_wait {
	struct moratorium of; /* cooperative, id, site, days */
	struct uuid loan_id;
	bool later; /* the loan was paid out after it was declared */
};

/* now_ms, cooperative (0: all), and where to go on: cooperative, moratorium, loan of the
 * last one or 0 and nils; count. */
extern const struct pg_statement moratorium_waiting;
void moratorium_wait_read(const struct pg_reply *r, int row, struct moratorium_wait *out);
/* Body of "moratorium_loan"; stale: told before. */
void moratorium_loan_body(struct buf *out, const struct moratorium_wait *w, int32_t days,
                          int64_t now_ms);

#endif
