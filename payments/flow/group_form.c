/*
 * group_form - a group is opened, members are added, everybody looks.
 *
 *   open  ACTOR --> PRODUCT --> COMMIT --> READ --> answer
 *   add   ACTOR --> OWNER --> READ --> PRODUCT --> COMMIT --> READ --> answer
 *                              ^--------stale---------'
 *   look  READ --> answer;  mine, list: the same with other questions
 */
#include "payments/flow/groups.h"

#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/store/arrivals.h"

#include <stdio.h>
#include <string.h>

#define GROUP_CODE_LENGTH 5

enum way { OPEN, ADD, LOOK, MINE, LIST };

struct forming {
	struct payments_op op;
	enum way way;
	char name[GROUP_NAME_MAX * 4 + 1];
	char member[40];
	unsigned terms, skip;
	int64_t amount;
	struct uuid key, group_id;
	struct product product;
	struct member added; /* member_id, msisdn, language */
	struct group_view group;
	struct group_list list;
	bool done; /* the commit was: only look */
	group_cb *cb;
	group_list_cb *list_cb;
	void *arg;
};

static void enter_actor(struct payments_op *op);
static void enter_owner(struct payments_op *op);
static void enter_product(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_read(struct payments_op *op);
static void enter_list(struct payments_op *op);

static const struct call_step to_actor = { "actor", enter_actor };
static const struct call_step to_owner = { "owner", enter_owner };
static const struct call_step to_product = { "product", enter_product };
static const struct call_step to_commit = { "commit", enter_commit };
static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_list = { "list", enter_list };

static void
tell(struct payments_op *op)
{
	struct forming *f = (struct forming *)op;

	if (f->way == LIST)
		f->list_cb(f->arg, &op->answer, &f->list);
	else
		f->cb(f->arg, &op->answer, &f->group);
}

static void
on_actor(struct payments_op *op, const struct pg_reply *r)
{
	struct member actor;

	if (!call_actor_may(r, ROLE_TREASURER | ROLE_OFFICER, &actor))
		call_fail(op, "not_allowed");
	else
		call_go(op,
		        ((struct forming *)op)->way == OPEN ? &to_product : &to_owner);
}

static void
enter_actor(struct payments_op *op)
{
	call_ask_actor(op, on_actor);
}

static void
on_owner(struct payments_op *op, const struct pg_reply *r)
{
	struct forming *f = (struct forming *)op;

	if (r->rows == 0) {
		call_fail(op, "not_found");
		return;
	}
	f->added.member_id = reply_uuid(r, 0, 0);
	snprintf(f->added.msisdn, sizeof f->added.msisdn, "%s", reply_text(r, 0, 2));
	snprintf(f->added.language, sizeof f->added.language, "%s", reply_text(r, 0, 3));
	call_go(op, &to_read);
}

static void
enter_owner(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_text(a, ((struct forming *)op)->member);
	pg_text(a, "");
	call_ask(op, &arrival_owner, a, on_owner);
}

/* ---- what may be lent ---- */

static const char *
judge_open(const struct forming *f)
{
	size_t n = buf_utf8_count(f->name);

	if (n == 0 || n > GROUP_NAME_MAX || !loan_term_fits(&f->product.terms, f->terms))
		return "bad_input";
	return "";
}

static const char *
judge_add(const struct forming *f)
{
	if (f->amount < f->product.terms.amount_min)
		return "minimum";
	return f->amount > f->product.terms.amount_max ? "limit" : "";
}

static void
on_product(struct payments_op *op, const struct pg_reply *r)
{
	struct forming *f = (struct forming *)op;
	const char *no = "no_product";

	for (int i = 0; i < r->rows && no[0] != '\0'; i++)
		if (product_row_read(r, i, &f->product, NULL) &&
		    f->product.kind == PRODUCT_GROUP && f->product.active)
			no = "";
	if (f->terms == 0)
		f->terms = f->product.terms.terms_usual;
	if (no[0] == '\0')
		no = f->way == OPEN ? judge_open(f) : judge_add(f);
	if (no[0] != '\0')
		call_fail(op, no);
	else
		call_go(op, &to_commit);
}

/* Of a group that there is already: its own product. */
static void
enter_product(struct payments_op *op)
{
	struct forming *f = (struct forming *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_text(a, f->way == OPEN ? NULL : f->group.product);
	call_ask(op, &products_newest, a, on_product);
}

/* ---- writing it down ---- */

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct forming *f = (struct forming *)op;

	f->done = result == OP_DONE || result == OP_CONFLICT;
	if (f->done)
		call_go(op, &to_read);
	else /* stale may also be: its code is taken */
		call_not_done(op, result, f->way == OPEN ? &to_commit : &to_read);
}

static void
put_open(struct forming *f, struct books *b)
{
	struct buf body = books_body(b, 800);
	char code[GROUP_CODE_LENGTH + 1];
	struct group_new n = { .group_id = b->op.key, /* the same key finds it */
		               .made_by = f->op.who.member_id,
		               .code = code,
		               .name = f->name,
		               .product = &f->product,
		               .terms = f->terms,
		               .now_ms = call_now(&f->op) };

	ids_code(b->env->ids, code, GROUP_CODE_LENGTH);
	f->group_id = n.group_id;
	group_new_body(&body, &n);
	books_effect(b, "group_new", &body);
}

static void
put_add(struct forming *f, struct books *b)
{
	struct buf body = books_body(b, 300);

	group_add_body(&body, &f->group_id, f->group.version, &f->added.member_id,
	               f->amount, call_now(&f->op));
	books_effect(b, "group_add", &body);
	books_news(b, &f->added, TOPIC_GROUP, "group.asked",
	           (struct text_value[]){ { "group", f->group.name },
	                                  { "amount", books_i64(b, f->amount) },
	                                  { NULL, NULL } });
}

static void
enter_commit(struct payments_op *op)
{
	struct forming *f = (struct forming *)op;
	bool opens = f->way == OPEN;
	char key[UUID_TEXT_SIZE];
	struct books b;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id,
	            opens ? "group.open" : "group.add", &op->who.member_id);
	books_key(&b, "%s/%s", b.op.kind, uuid_text(&f->key, key));
	if (opens)
		put_open(f, &b);
	else
		put_add(f, &b);
	books_audit(&b, b.op.kind, &f->group_id, "%s %lld",
	            opens ? f->name : f->group.code, (long long)f->amount);
	call_submit(op, &b.op, on_commit);
}

/* ---- looking ---- */

static bool
in_group(const struct forming *f, const struct uuid *member_id)
{
	for (unsigned i = 0; i < f->group.count; i++)
		if (uuid_equal(&f->group.part[i].member_id, member_id))
			return true;
	return false;
}

static bool
may_look(const struct forming *f)
{
	unsigned officers = ROLE_TREASURER | ROLE_OFFICER | ROLE_AUDITOR;

	return (f->group.actor_roles & officers) != 0 ||
	       in_group(f, &f->op.who.member_id);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct forming *f = (struct forming *)op;

	if (!group_read(r, &f->group))
		call_fail(op, "not_found");
	else if (!may_look(f))
		call_fail(op, "not_allowed");
	else if (f->way != ADD || f->done)
		call_end(op, OUTCOME_OK, "");
	else if (f->group.state != GROUP_FORMING)
		call_fail(op, "stale");
	else if (f->group.count >= f->group.members_max &&
	         !in_group(f, &f->added.member_id))
		call_fail(op, "full");
	else
		call_go(op, &to_product);
}

static void
enter_read(struct payments_op *op)
{
	struct forming *f = (struct forming *)op;
	bool mine = f->way == MINE;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, mine ? &op->who.member_id : &f->group_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, mine ? &group_of_member : &group_by_id, a, on_read);
}

static void
on_list(struct payments_op *op, const struct pg_reply *r)
{
	group_list_read(r, &((struct forming *)op)->list);
	call_end(op, OUTCOME_OK, "");
}

static void
enter_list(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i32(a, (int32_t)((struct forming *)op)->skip);
	pg_i32(a, GROUPS_PAGE);
	call_ask(op, &groups_open, a, on_list);
}

/* ---- the facade ---- */

static struct forming *
begin(struct flow_env *env, enum way way, const struct who *who, void *arg)
{
	static const char *const names[] = { "group.open", "group.add", "group.look",
		                             "group.mine", "group.list" };
	struct forming *f = call_new(env, names[way], sizeof *f, tell);

	f->way = way;
	f->op.who = *who;
	f->arg = arg;
	return f;
}

struct payments_op *
payments_group_open(struct flow_env *env, const struct group_open_ask *ask, group_cb *cb,
                    void *arg)
{
	struct forming *f = begin(env, OPEN, &ask->who, arg);

	if (strlen(ask->name) < sizeof f->name) /* else: none, which is refused */
		snprintf(f->name, sizeof f->name, "%s", ask->name);
	f->terms = ask->terms;
	f->key = ask->key;
	f->cb = cb;
	return call_begin(&f->op, &to_actor);
}

struct payments_op *
payments_group_add(struct flow_env *env, const struct group_add_ask *ask, group_cb *cb,
                   void *arg)
{
	struct forming *f = begin(env, ADD, &ask->who, arg);

	snprintf(f->member, sizeof f->member, "%s", ask->member);
	f->group_id = ask->group_id;
	f->amount = ask->amount;
	f->key = ask->key;
	f->cb = cb;
	return call_begin(&f->op, &to_actor);
}

struct payments_op *
payments_group(struct flow_env *env, const struct who *who, const struct uuid *group_id,
               group_cb *cb, void *arg)
{
	struct forming *f = begin(env, LOOK, who, arg);

	f->group_id = *group_id;
	f->cb = cb;
	return call_begin(&f->op, &to_read);
}

struct payments_op *
payments_group_mine(struct flow_env *env, const struct who *who, group_cb *cb, void *arg)
{
	struct forming *f = begin(env, MINE, who, arg);

	f->cb = cb;
	return call_begin(&f->op, &to_read);
}

struct payments_op *
payments_groups(struct flow_env *env, const struct who *who, unsigned skip,
                group_list_cb *cb, void *arg)
{
	struct forming *f = begin(env, LIST, who, arg);

	f->skip = skip < 10000 ? skip : 10000;
	f->list_cb = cb;
	return call_begin(&f->op, &to_list);
}
