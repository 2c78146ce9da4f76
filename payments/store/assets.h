/*
 * assets - equipment the cooperative owns and leases out, as stored.
 *
 * An asset is free, asked for with one lease, leased, or its lessee's own; the guard of
 * every change is the state it was seen in.  Its value stands in the books under
 * ACC_EQUIPMENT while it is free or asked for.
 */
#ifndef PAYMENTS_STORE_ASSETS_H
#define PAYMENTS_STORE_ASSETS_H

#include "lib/buf.h"
#include "lib/ids.h"
#include "lib/pg.h"

#include <stdbool.h>
#include <stdint.h>

#define ASSET_NAME_MAX   30 /* letters */
#define ASSET_SERIAL_MAX 24

enum asset_state { ASSET_FREE, ASSET_ASKED, ASSET_LEASED, ASSET_OWNED, ASSET_STATES };

const char *asset_state_name(enum asset_state s); /* "free", ... */

struct asset {
	struct uuid asset_id;
	char code[12];
	char name[ASSET_NAME_MAX * 4 + 1];
	char serial[ASSET_SERIAL_MAX * 4 + 1];
	int64_t cost;     /* what it was bought for; the price of the lease */
	int64_t value;    /* in the books now */
	char product[16]; /* code of the lease product */
	char currency[4];
	enum asset_state state;
	char lessee[48]; /* name of who leases or owns it, "" if nobody */
	struct uuid loan_id;
};

enum asset_state asset_state_read(const struct pg_reply *r, int row, int col);

/* cooperative, asset. */
extern const struct pg_statement asset_by_id;
/* cooperative, only free ones (boolean), skip, count: by name; the last column counts. */
extern const struct pg_statement assets_of;

bool asset_read(const struct pg_reply *r, int row, struct asset *out);
unsigned assets_read_total(const struct pg_reply *r);

/* Body of effect "asset_new". */
void asset_new_body(struct buf *out, const struct asset *a, const struct uuid *added_by,
                    int64_t now_ms);
/* Body of effect "asset_set": a as read, going to `to` for a->loan_id (nil if free) with
 * a new value. */
void asset_set_body(struct buf *out, const struct asset *a, enum asset_state to,
                    const struct uuid *loan_id, int64_t value);

#endif
