/*
 * members - who is it, and small settings of hers: calls of one statement each.
 *
 *   ASK --row--> answer     ASK --no row--> not_found
 */
#include "payments/flow/members.h"
#include "payments/flow/call.h"
#include "payments/flow/news.h"

#include <string.h>

struct find {
	struct payments_op op;
	char *msisdn;
	int32_t cooperative_id;
	struct member member;
	member_cb *cb;
	void *arg;
};

static void
tell_find(struct payments_op *op)
{
	struct find *f = (struct find *)op;

	f->cb(f->arg, &op->answer, &f->member);
}

static void
on_found(struct payments_op *op, const struct pg_reply *r)
{
	struct find *f = (struct find *)op;

	if (r->rows == 0) {
		call_fail(op, "not_found");
		return;
	}
	member_read(r, 0, &f->member);
	call_end(op, OUTCOME_OK, "");
}

static void
enter_find(struct payments_op *op)
{
	struct find *f = (struct find *)op;
	struct pg_args *a = pg_args_new();

	pg_text(a, f->msisdn);
	pg_i32(a, f->cooperative_id);
	call_ask(op, &member_by_msisdn, a, on_found);
}

struct payments_op *
payments_member_find(struct flow_env *env, const char *msisdn, int32_t cooperative_id,
                     member_cb *cb, void *arg)
{
	static const struct call_step ask = { "ask", enter_find };
	struct find *f = call_new(env, "member.find", sizeof *f, tell_find);

	f->msisdn = arena_strdup(f->op.arena, msisdn);
	f->cooperative_id = cooperative_id;
	f->cb = cb;
	f->arg = arg;
	return call_begin(&f->op, &ask);
}

struct find_cooperative {
	struct payments_op op;
	char *code;
	struct cooperative cooperative;
	cooperative_cb *cb;
	void *arg;
};

static void
tell_cooperative(struct payments_op *op)
{
	struct find_cooperative *f = (struct find_cooperative *)op;

	f->cb(f->arg, &op->answer, &f->cooperative);
}

static void
on_cooperative(struct payments_op *op, const struct pg_reply *r)
{
	struct find_cooperative *f = (struct find_cooperative *)op;

	if (r->rows == 0) {
		call_fail(op, "not_found");
		return;
	}
	cooperative_read(r, 0, &f->cooperative);
	call_end(op, OUTCOME_OK, "");
}

static void
enter_cooperative(struct payments_op *op)
{
	struct find_cooperative *f = (struct find_cooperative *)op;
	struct pg_args *a = pg_args_new();

	pg_text(a, f->code);
	call_ask(op, &cooperative_by_code, a, on_cooperative);
}

struct payments_op *
payments_cooperative_find(struct flow_env *env, const char *code, cooperative_cb *cb,
                          void *arg)
{
	static const struct call_step ask = { "ask", enter_cooperative };
	struct find_cooperative *f =
	    call_new(env, "cooperative.find", sizeof *f, tell_cooperative);

	f->code = arena_strndup(f->op.arena, code, strnlen(code, 64));
	f->cb = cb;
	f->arg = arg;
	return call_begin(&f->op, &ask);
}

struct setting {
	struct payments_op op;
	const struct pg_statement *statement;
	struct pg_args *args;
	payments_cb *cb;
	void *arg;
};

static void
tell_setting(struct payments_op *op)
{
	struct setting *s = (struct setting *)op;

	s->cb(s->arg, &op->answer);
}

static void
on_set(struct payments_op *op, const struct pg_reply *r)
{
	if (r->rows == 0)
		call_fail(op, "not_found");
	else
		call_end(op, OUTCOME_OK, "");
}

static void
drop_args(void *p)
{
	pg_args_free(((struct setting *)p)->args);
}

static void
enter_set(struct payments_op *op)
{
	struct setting *s = (struct setting *)op;
	struct pg_args *args = s->args;

	s->args = NULL;
	call_ask(op, s->statement, args, on_set);
}

static const struct call_step set = { "set", enter_set };

static struct setting *
setting_new(struct flow_env *env, const char *name, const struct pg_statement *statement)
{
	struct setting *s = call_new(env, name, sizeof *s, tell_setting);

	s->statement = statement;
	s->args = pg_args_new();
	arena_defer(s->op.arena, drop_args, s);
	return s;
}

struct payments_op *
payments_language_set(struct flow_env *env, const struct who *who, const char *language,
                      payments_cb *cb, void *arg)
{
	struct setting *s = setting_new(env, "member.language", &member_language);

	pg_i32(s->args, who->cooperative_id);
	pg_uuid(s->args, &who->member_id);
	pg_text(s->args, language);
	s->cb = cb;
	s->arg = arg;
	return call_begin(&s->op, &set);
}

struct payments_op *
payments_news_set(struct flow_env *env, const char *msisdn, enum topic topic, bool on,
                  payments_cb *cb, void *arg)
{
	struct setting *s = setting_new(env, "member.news", &member_news);

	pg_text(s->args, msisdn);
	pg_text(s->args, topic_name(topic));
	pg_bool(s->args, on);
	s->cb = cb;
	s->arg = arg;
	return call_begin(&s->op, &set);
}

struct search {
	struct payments_op op;
	char *text;
	unsigned skip;
	struct member_list list;
	member_list_cb *cb;
	void *arg;
};

static void
tell_search(struct payments_op *op)
{
	struct search *s = (struct search *)op;

	s->cb(s->arg, &op->answer, &s->list);
}

static void
on_search(struct payments_op *op, const struct pg_reply *r)
{
	struct search *s = (struct search *)op;

	s->list.more = r->rows > MEMBERS_PAGE;
	for (int i = 0; i < r->rows && i < MEMBERS_PAGE; i++)
		member_read(r, i, &s->list.at[s->list.count++]);
	call_end(op, OUTCOME_OK, "");
}

/* The digits of a phone number as people write it, without the national 0 or a plus. */
static void
phone_part(const char *text, char out[24])
{
	size_t n = 0;

	while (*text == '+' || *text == '0')
		text++;
	for (; *text != '\0' && n < 23; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		if (*text < '0' || *text > '9') {
			n = 0;
			break;
		}
		out[n++] = *text;
	}
	out[n] = '\0';
}

static void
enter_search(struct payments_op *op)
{
	struct search *s = (struct search *)op;
	struct pg_args *a = pg_args_new();
	char digits[24];

	phone_part(s->text, digits);
	pg_i32(a, op->who.cooperative_id);
	pg_text(a, s->text);
	pg_text(a, digits);
	pg_i32(a, (int32_t)s->skip);
	pg_i32(a, MEMBERS_PAGE + 1);
	call_ask(op, &member_search, a, on_search);
}

struct payments_op *
payments_members(struct flow_env *env, const struct who *who, const char *text,
                 unsigned skip, member_list_cb *cb, void *arg)
{
	static const struct call_step ask = { "ask", enter_search };
	struct search *s = call_new(env, "member.search", sizeof *s, tell_search);

	s->op.who = *who;
	s->text = arena_strndup(s->op.arena, text, strnlen(text, NAME_MAX_BYTES));
	s->skip = skip < 100000 ? skip : 100000;
	s->cb = cb;
	s->arg = arg;
	return call_begin(&s->op, &ask);
}
