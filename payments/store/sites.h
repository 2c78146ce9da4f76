/*
 * sites - named places of a cooperative, and who works where.
 */
#ifndef PAYMENTS_STORE_SITES_H
#define PAYMENTS_STORE_SITES_H

#include "lib/buf.h"
#include "lib/pg.h"

#define SITE_CODE_MAX 12
#define SITE_NAME_MAX 40
#define SITES_PAGE    10

struct site {
	struct uuid site_id;
	char code[SITE_CODE_MAX + 1];
	char name[SITE_NAME_MAX + 1];
	bool here; /* the member asked about works there */
};

struct site_list {
	unsigned count, total;
	struct site at[SITES_PAGE];
};

/* cooperative, member or nil, skip, count: by code. */
extern const struct pg_statement sites_of;
void sites_read(const struct pg_reply *r, struct site_list *out);
/* Body of effect "member_site".  Stale: no such member or site. */
void member_site_body(struct buf *out, const struct uuid *member_id,
                      const struct uuid *site_id, const struct uuid *by, int64_t now_ms);

/* cooperative code or "".  For lists: cooperative, code, name, members, loans. */
extern const struct pg_statement site_list;
/* By hand; a row that says what is wrong, or "".
 * site_add: cooperative code, id, code, name, now_ms.
 * member_site_set: cooperative code, member number or msisdn, site code, now_ms. */
extern const struct pg_statement site_add, member_site_set;

#endif
