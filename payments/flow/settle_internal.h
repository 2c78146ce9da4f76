/*
 * settle_internal - what the files of the ledger writer share.  Nobody else includes
 * this.
 *
 *   settle.c         life of the writer, answers, deadlines
 *   settle_submit.c  taking an operation in
 *   settle_load.c    reads accounts, holds and old keys the writer does not remember
 *   settle_decide.c  one operation against remembered balances: done, or refused and why
 *   settle_batch.c   forms batches, at most two in flight, and takes their outcome
 *   settle_replay.c  one by one, exactly, when a batch failed or its answer was lost
 *   settle_lease.c   becoming and staying the one writer
 *   settle_cache.c   remembered balances, holds and keys
 *
 *        submit                   load             batch             commit
 *   caller --> cold (unknown accounts) --> ready ---> in flight ---> answered
 *                ^__ forgotten balances __/  ^  \            \
 *                                  committed |  | refused,    \--error--> failed
 *                                            |  v in doubt                  | replay
 *                                          doubtful                         v
 *                                                                        answered
 */
#ifndef PAYMENTS_FLOW_SETTLE_INTERNAL_H
#define PAYMENTS_FLOW_SETTLE_INTERNAL_H

#include "lib/uuid_map.h"
#include "payments/flow/settle.h"

#define BATCHES_IN_FLIGHT 2
#define KEYS_REMEMBERED   65536
#define CALL_MS           15000 /* of one statement */

struct settle_op {
	struct settle *s;
	struct settle_op *next;      /* in the list it is on                          */
	struct settle_op *followers; /* the same key, submitted while this is decided */
	struct operation op;         /* our copy; all it points to is in this block   */
	struct uuid *sides;          /* account ids, debit and credit of each leg     */
	struct uuid content;
	enum op_result decided;
	struct err early;    /* why it was never queued */
	int64_t deadline_ms; /* monotonic                                     */
	bool sent;           /* it may have happened                          */
	bool looked_up;      /* its key was looked for in the database        */
	settle_cb *cb;       /* NULL once cancelled                           */
	void *arg;
};

struct op_list {
	struct settle_op *first, *last;
	unsigned count;
};

struct cached_account {
	struct uuid id;
	int64_t balance, pending_debit, pending_credit;
	enum account_rule rule;
	bool open;          /* a commit said so */
	unsigned unsettled; /* batches in flight that count on it: a bit a slot */
};

struct cached_hold {
	struct uuid id;
	struct uuid debit, credit;
	int64_t amount;
	enum leg_kind resolved; /* LEG_POST while it is not; meaningless if !exists */
	bool exists;
	unsigned unsettled; /* as of an account */
};

struct cached_key {
	struct uuid key;
	struct uuid content;
	enum op_result result;
	struct cached_key *newer;
};

/* Work is kept apart by cooperative: a batch belongs to one. */
struct lane {
	int32_t cooperative_id;
	struct op_list cold, ready, loading;
	struct op_list doubtful; /* refused because of what is not committed yet */
	struct pg_op *load;      /* in flight, or NULL */
	unsigned load_generation;
	struct settle *s;
	struct lane *next;
};

struct batch {
	struct settle *s;
	struct pg_op *call; /* in flight, or NULL */
	struct lane *lane;
	struct op_list ops;
	int64_t epoch; /* it was sent under */
};

struct replay { /* one call of settle_one */
	struct settle *s;
	struct pg_op *call;
	struct settle_op *op;
	int64_t epoch; /* it was sent under */
};

#define REPLAYS_IN_FLIGHT 16

struct settle {
	struct loop *loop;
	struct pg *pg;
	struct settle_options options;
	char holder[80];
	struct uuid_map by_cooperative; /* of lanes */
	struct lane *lanes, *next_lane;
	unsigned lane_count;
	struct uuid_map deciding; /* settle_op by key: in a batch or in replay */
	struct batch batches[BATCHES_IN_FLIGHT];
	struct op_list refused; /* never queued: told why on the next turn */
	struct op_list failed;  /* wait for replay */
	struct replay replays[REPLAYS_IN_FLIGHT];
	bool replaying; /* no batches until `failed` is empty */
	bool draining;  /* `drained` is to be told once all is quiet */
	bool closed;    /* takes nothing new */
	loop_cb *drained;
	void *drained_arg;
	struct timer *pump_timer, *sweep_timer, *lease_timer, *retry_timer;
	struct pg_op *lease_call;
	int64_t epoch;            /* 0: not the writer */
	struct uuid_map accounts; /* cached_account */
	struct uuid_map holds;    /* cached_hold */
	unsigned generation;  /* of remembered balances: forgetting them begins another */
	bool full;            /* of balances: forget them once nothing is in flight     */
	struct uuid_map keys; /* cached_key */
	struct cached_key *newest_key, *oldest_key;
	struct settle_counts counts;
};

/* settle.c */
void list_push(struct op_list *list, struct settle_op *op);
struct settle_op *list_pop(struct op_list *list);
/* Legs of the first `most` operations. */
size_t list_legs(const struct op_list *list, size_t most);
void settle_leave_deciding(struct settle_op *op); /* another may decide its key */
void settle_wake(struct settle *s);               /* look for work on the next turn */
/* Answers op and those that follow it, then forgets them. */
void settle_answer_op(struct settle_op *op, enum op_result result, bool repeated);
void settle_fail_op(struct settle_op *op, enum err_code code, enum fate fate,
                    const char *what);

/* settle_cache.c */
struct cached_account *cache_account(struct settle *s, const struct uuid *id);
struct cached_account *cache_add_account(struct settle *s, const struct uuid *id);
struct cached_hold *cache_hold(struct settle *s, const struct uuid *id);
struct cached_hold *cache_add_hold(struct settle *s, const struct uuid *id);
struct cached_key *cache_key(struct settle *s, const struct uuid *key);
void cache_add_key(struct settle *s, const struct settle_op *op, enum op_result result);
void cache_forget_balances(struct settle *s); /* accounts and holds */
void cache_free(struct settle *s);
bool cache_knows(struct settle *s, const struct settle_op *op);
bool cache_is_full(const struct settle *s);

/* settle_decide.c: changes the remembered balances when the answer is OP_DONE, and notes
 * that the batch of that slot must commit for them to be true. */
enum op_result settle_decide(struct settle *s, const struct settle_op *op, unsigned slot);
/* The refusal rests on another batch, not committed yet. */
bool settle_is_doubtful(struct settle *s, const struct settle_op *op, unsigned slot);
/* The batch of that slot committed: what op (which was done) left behind is true. */
void settle_is_true(struct settle *s, const struct settle_op *op, unsigned slot);

/* The pump's parts, in order. */
void settle_load(struct settle *s, struct lane *lane);
void settle_form_batches(struct settle *s);
void settle_replay(struct settle *s);

bool settle_batches_in_flight(const struct settle *s);
void settle_lease_start(struct settle *s);
/* A statement sent under that epoch was fenced. */
void settle_lease_lost(struct settle *s, int64_t epoch);
/* A statement's answer is lost: a new epoch, so that it cannot happen later than the
 * question what became of it. */
void settle_lease_anew(struct settle *s);

#endif
