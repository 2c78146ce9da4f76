/*
 * bench_acks - submits numbered operations for ever and notes each acknowledged number:
 * the thing to kill.
 *
 *   bench_acks run FILE FIRST     numbers from FIRST; appends each acknowledged one to
 * FILE bench_acks verify FILE        submits all noted numbers again: each must be known,
 * done
 *
 * Each operation moves one unit, so the balance counts how often they were applied.
 */
#include "lib/arena.h"
#include "lib/clock.h"
#include "payments/flow/settle.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUTSTANDING 200

struct acks {
	struct loop *loop;
	struct clock clock;
	struct ids ids;
	struct pg *pg;
	struct settle *settle;
	FILE *numbers; /* verify: read from here */
	int file;
	unsigned long next, outstanding, verified, wrong;
	bool verify;
};

struct one {
	struct acks *acks;
	unsigned long number;
};

static bool submit(struct acks *a);

static void
on_settled(void *arg, const struct settle_answer *answer)
{
	struct one *one = arg;
	struct acks *a = one->acks;
	char line[32];
	int n = snprintf(line, sizeof line, "%lu\n", one->number);
	bool done = answer->err.code == ERR_NONE && answer->result == OP_DONE;

	if (a->verify && done && answer->repeated)
		a->verified++;
	else if (a->verify || (answer->err.code == ERR_NONE && !done))
		a->wrong++;
	else if (done && write(a->file, line, (size_t)n) != n)
		exit(3);
	a->outstanding--;
	free(one);
	submit(a);
}

static bool
submit(struct acks *a)
{
	char name[40], line[40];
	struct one *one;
	struct ledger_leg leg = { .kind = LEG_POST,
		                  .transfer_id = ids_uuid7(&a->ids, a->clock.wall_ms),
		                  .debit = { ACC_FLOAT, { { 1 } }, "TZS" },
		                  .credit = { ACC_EQUITY, { { 0 } }, "TZS" },
		                  .amount = 1 };
	struct operation op = {
		.cooperative_id = 1, .kind = "ack", .legs = &leg, .leg_count = 1
	};

	if (a->verify) {
		if (fgets(line, sizeof line, a->numbers) == NULL)
			return false;
		a->next = strtoul(line, NULL, 10);
	}
	one = xzalloc(sizeof *one);
	*one = (struct one){ a, a->next++ };
	snprintf(name, sizeof name, "ack/%lu", one->number);
	op.key = uuid_from_name(name, strlen(name));
	a->outstanding++;
	settle_submit(a->settle, &op, 30000, on_settled, one);
	return true;
}

int
main(int argc, char **argv)
{
	struct acks a = { .file = -1 };
	struct pg_options po = { .conninfo = "",
		                 .connections = 2,
		                 .in_flight = 32,
		                 .connect_ms = 2000,
		                 .statement_ms = 20000,
		                 .role = "adit_gateway" };
	struct settle_options so = { .batch_max = 200,
		                     .queue_max = 10000,
		                     .cache_accounts = 1000,
		                     .lease_ms = 2000,
		                     .holder = "acks" };

	if (argc < 3 || (strcmp(argv[1], "run") == 0 && argc < 4)) {
		fputs("usage: bench_acks run FILE FIRST | verify FILE\n", stderr);
		return 2;
	}
	a.verify = strcmp(argv[1], "verify") == 0;
	if (a.verify)
		a.numbers = fopen(argv[2], "r");
	else
		a.file = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (a.verify ? a.numbers == NULL : a.file < 0) {
		perror(argv[2]);
		return 2;
	}
	a.next = a.verify ? 0 : strtoul(argv[3], NULL, 10);
	clock_init(&a.clock);
	ids_init(&a.ids);
	a.loop = loop_new(&a.clock);
	a.pg = pg_new(a.loop, &po);
	a.settle = settle_new(a.loop, a.pg, &so);
	for (int i = 0; i < OUTSTANDING && submit(&a); i++)
		continue;
	while (a.outstanding > 0)
		loop_turn(a.loop, 20);
	printf("verified %lu wrong %lu\n", a.verified, a.wrong);
	return a.wrong > 0;
}
