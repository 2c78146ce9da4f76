/*
 * bench_settle - the ledger writer under load, on the database of the PG* environment.
 *
 *   bench_settle spread|hot SECONDS [OUTSTANDING]
 *
 * One operation is a sale of mineral as the gateway settles it: value, levy, cooperative
 * fee and weight as legs, and the receipt's outgoing message as an effect.
 * spread: 10,000 accounts, those of 2,500 members and the five books of 1,500 sites.
 * hot: every operation's money passes through the same book accounts.
 * Closed loop: OUTSTANDING operations wait at any time.  Latency is from submission to
 * the commit's acknowledgement.  Prints one JSON object.
 */
#include "lib/arena.h"
#include "lib/clock.h"
#include "payments/flow/settle.h"
#include "payments/store/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COOPERATIVE   1
#define MEMBERS       2500
#define SITES         1500 /* five accounts each */
#define LEGS          4
#define LATENCIES_MAX 2000000

struct run {
	struct loop *loop;
	struct clock clock;
	struct ids ids;
	struct settle *settle;
	bool hot, stopping;
	uint64_t done, refused, outstanding;
	uint32_t *latency_us; /* ring of the newest */
	size_t latencies;
};

struct sale {
	struct run *run;
	int64_t began_us;
};

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static struct account_ref
account(enum account_kind kind, uint64_t owner, const char *unit)
{
	struct account_ref ref = { .kind = kind };

	memcpy(ref.owner.b, &owner, sizeof owner);
	ref.owner.b[15] = 1;
	snprintf(ref.unit, sizeof ref.unit, "%s", unit);
	return ref;
}

static struct ledger_leg
leg(struct run *r, struct account_ref debit, struct account_ref credit, int64_t amount)
{
	return (struct ledger_leg){ .kind = LEG_POST,
		                    .transfer_id = ids_uuid7(&r->ids, r->clock.wall_ms),
		                    .debit = debit,
		                    .credit = credit,
		                    .amount = amount };
}

static void submit(struct run *r);

static void
on_settled(void *arg, const struct settle_answer *a)
{
	struct sale *sale = arg;
	struct run *r = sale->run;

	r->latency_us[r->latencies++ % LATENCIES_MAX] =
	    (uint32_t)(now_us() - sale->began_us);
	if (a->err.code == ERR_NONE && a->result == OP_DONE)
		r->done++;
	else
		r->refused++;
	r->outstanding--;
	free(sale);
	if (!r->stopping)
		submit(r);
}

static void
submit(struct run *r)
{
	uint64_t member = 1 + ids_u64(&r->ids) % MEMBERS;
	uint64_t book = r->hot ? 1 : 1 + ids_u64(&r->ids) % SITES;
	struct account_ref seller = account(ACC_MEMBER, member, "TZS");
	struct ledger_leg legs[LEGS] = {
		leg(r, account(ACC_STOCK_COST, book, "TZS"), seller, 85000),
		leg(r, seller, account(ACC_LEVY, book, "TZS"), 6000),
		leg(r, seller, account(ACC_FEE_INCOME, book, "TZS"), 900),
		leg(r, account(ACC_STOCK, book, "mg.Au.fine"),
		    account(ACC_MINED, book, "mg.Au.fine"), 3998),
	};
	char body[600];
	struct buf b;
	struct message m = { .cooperative_id = COOPERATIVE,
		             .message_id = ids_uuid7(&r->ids, r->clock.wall_ms),
		             .member_id = seller.owner,
		             .msisdn = "255712000100",
		             .language = "sw",
		             .template = "sale.receipt",
		             .values = "{\"code\":\"K7Q2M9XA\",\"net\":\"7810000\"}" };
	struct effect effects[] = { { "message_new", body } };
	struct operation op = { .cooperative_id = COOPERATIVE,
		                .key = ids_uuid7(&r->ids, r->clock.wall_ms),
		                .kind = "sale.consent",
		                .legs = legs,
		                .leg_count = LEGS,
		                .effects = effects,
		                .effect_count = 1 };
	struct sale *sale = xzalloc(sizeof *sale);

	buf_init(&b, body, sizeof body);
	message_new_body(&b, &m);
	*sale = (struct sale){ r, now_us() };
	r->outstanding++;
	settle_submit(r->settle, &op, 60000, on_settled, sale);
}

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void
print(struct run *r, int64_t took_us)
{
	struct settle_counts c;
	size_t n = r->latencies < LATENCIES_MAX ? r->latencies : LATENCIES_MAX;

	settle_read_counts(r->settle, &c);
	qsort(r->latency_us, n, sizeof *r->latency_us, by_size);
	printf("{\"operations_per_s\":%lld,\"transfers_per_s\":%lld,\"legs\":%d,"
	       "\"refused\":%llu,\"batches\":%llu,\"replays\":%llu,"
	       "\"p50_us\":%u,\"p99_us\":%u}\n",
	       (long long)((int64_t)r->done * 1000000 / took_us),
	       (long long)((int64_t)r->done * LEGS * 1000000 / took_us), LEGS,
	       (unsigned long long)r->refused, (unsigned long long)c.batches,
	       (unsigned long long)c.replays, n > 0 ? r->latency_us[n / 2] : 0,
	       n > 0 ? r->latency_us[n * 99 / 100] : 0);
}

static void
turn_for(struct run *r, int64_t us)
{
	int64_t end = now_us() + us;

	while (now_us() < end)
		loop_turn(r->loop, 10);
}

static void
measure(struct run *r, int64_t seconds, long outstanding)
{
	int64_t began;

	while (!settle_is_leader(r->settle))
		loop_turn(r->loop, 10);
	for (long i = 0; i < outstanding; i++)
		submit(r);
	turn_for(r, 1000000); /* warm: accounts known and open */
	r->done = r->latencies = 0;
	began = now_us();
	turn_for(r, seconds * 1000000);
	print(r, now_us() - began);
	r->stopping = true;
	while (r->outstanding > 0)
		loop_turn(r->loop, 10);
}

int
main(int argc, char **argv)
{
	struct run r = { 0 };
	struct pg_options po = { .conninfo = "",
		                 .connections = 2,
		                 .in_flight = 16,
		                 .connect_ms = 3000,
		                 .statement_ms = 60000,
		                 .role = "adit_gateway" };
	struct settle_options so = { .batch_max = 250,
		                     .queue_max = 1000000,
		                     .cache_accounts = 1000000,
		                     .lease_ms = 10000,
		                     .holder = "bench" };
	struct pg *pg;

	if (argc < 2) {
		fputs("usage: bench_settle spread|hot SECONDS [OUTSTANDING]\n", stderr);
		return 2;
	}
	r.hot = strcmp(argv[1], "hot") == 0;
	r.latency_us = xzalloc(LATENCIES_MAX * sizeof *r.latency_us);
	clock_init(&r.clock);
	ids_init_seeded(&r.ids, (uint64_t)r.clock.wall_ms);
	r.loop = loop_new(&r.clock);
	pg = pg_new(r.loop, &po);
	r.settle = settle_new(r.loop, pg, &so);
	measure(&r, argc > 2 ? strtol(argv[2], NULL, 10) : 5,
	        argc > 3 ? strtol(argv[3], NULL, 10) : 600);
	settle_free(r.settle);
	pg_free(pg);
	loop_free(r.loop);
	free(r.latency_us);
	return r.refused > 0;
}
