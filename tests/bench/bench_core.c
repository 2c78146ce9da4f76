/* How long the loan arithmetic takes on one core, best of five tries, beside BLAKE2b of
 * 4 KiB by libsodium in the same run. */
#include "payments/core/account.h"
#include "payments/core/day.h"

#include <sodium.h>
#include <stdio.h>
#include <time.h>

#define ROUNDS 20000
#define TRIES  5

static struct contract contract;
static struct schedule plan;
static struct loan_account account;

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Nanoseconds of one call, the best of a few tries. */
static int64_t
best(void (*work)(void), int64_t rounds)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		int64_t began = now_ns(), took;

		for (int64_t k = 0; k < rounds; k++)
			work();
		took = (now_ns() - began) / rounds;
		if (took < least)
			least = took;
	}
	return least;
}

static void
peer(void)
{
	static unsigned char page[4096], out[32];

	crypto_generichash(out, sizeof out, page, sizeof page, NULL, 0);
	page[0] = out[0];
}

static void
schedule(void)
{
	if (schedule_make(&contract, &plan, NULL) < 0)
		fprintf(stderr, "no schedule\n");
}

static void
yearly_cost(void)
{
	int64_t bp;

	if (schedule_apr(&contract, &plan, &bp, NULL) < 0)
		fprintf(stderr, "no rate\n");
}

static void
replay(void)
{
	if (loan_account_day(&account, account.today + 1, NULL) < 0)
		fprintf(stderr, "no replay\n");
}

static void
set_contract(enum schedule_kind kind)
{
	struct date start = { 2026, 1, 31 };

	contract_init(&contract);
	contract.principal = 500000000;
	contract.rate = 24 * PCT_ONE;
	contract.schedule = kind;
	contract.start = day_of(&start);
	contract.instalments = 24;
	contract.interest_period = INTEREST_DAILY;
}

static void
set_account(void)
{
	struct loan_event e = { .id = 1,
		                .kind = EVENT_DISBURSE,
		                .day = contract.start,
		                .amount = contract.principal };

	loan_account_open(&account, &contract);
	if (loan_account_tell(&account, &e, NULL) < 0)
		fprintf(stderr, "no loan\n");
	for (uint32_t i = 0; i < 12; i++) {
		e = (struct loan_event){ .id = i + 2,
			                 .kind = EVENT_REPAY,
			                 .day = account.rows[i].due,
			                 .amount = 25000000 };
		if (loan_account_tell(&account, &e, NULL) < 0)
			fprintf(stderr, "no payment\n");
	}
}

static void
print(const char *what, int64_t ns, int64_t peer_ns)
{
	printf("%-44s %7.2f us  %6.1f x the peer\n", what, (double)ns / 1000.0,
	       (double)ns / (double)peer_ns);
}

int
main(void)
{
	int64_t peer_ns;

	if (sodium_init() < 0)
		return 1;
	peer_ns = best(peer, ROUNDS);
	print("peer: BLAKE2b of 4 KiB (libsodium)", peer_ns, peer_ns);
	set_contract(SCHEDULE_CUMULATIVE);
	print("schedule of 24 rows, CUMULATIVE", best(schedule, ROUNDS), peer_ns);
	print("its yearly cost, actuarial", best(yearly_cost, ROUNDS / 100), peer_ns);
	set_account();
	print("replay of a loan with 12 payments", best(replay, ROUNDS / 10), peer_ns);
	set_contract(SCHEDULE_PROGRESSIVE);
	print("schedule of 24 rows, PROGRESSIVE", best(schedule, ROUNDS), peer_ns);
	return 0;
}
