#include "payments/flow/books.h"
#include "payments/flow/prompt_size.h"

#include "lib/json.h"
#include "payments/core/day.h"
#include "payments/store/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE_LENGTH 7

void
books_begin(struct books *b, struct flow_env *env, struct arena *arena,
            int32_t cooperative_id, const char *kind, const struct uuid *actor)
{
	*b = (struct books){ .env = env, .arena = arena };
	b->op.cooperative_id = cooperative_id;
	b->op.kind = kind;
	if (actor != NULL)
		b->op.actor = *actor;
	b->op.legs = b->legs;
	b->op.effects = b->effects;
}

void
books_key(struct books *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(b->key_text, sizeof b->key_text, fmt, ap);
	va_end(ap);
	if (n <= 0 || (size_t)n >= sizeof b->key_text)
		abort();
	b->op.key = uuid_from_name(b->key_text, (size_t)n);
}

struct account_ref
account(enum account_kind kind, const struct uuid *owner, const char *unit)
{
	struct account_ref ref = { .kind = kind };

	if (owner != NULL)
		ref.owner = *owner;
	snprintf(ref.unit, sizeof ref.unit, "%s", unit);
	return ref;
}

struct account_ref
account_float(const char *provider, const char *currency)
{
	char name[32];
	struct uuid owner;

	snprintf(name, sizeof name, "provider/%s", provider);
	owner = uuid_from_name(name, strlen(name));
	return account(ACC_FLOAT, &owner, currency);
}

static struct ledger_leg *
leg(struct books *b, enum leg_kind kind)
{
	struct ledger_leg *l;

	if (b->op.leg_count == OPERATION_LEGS_MAX)
		abort();
	l = &b->legs[b->op.leg_count++];
	l->kind = kind;
	l->transfer_id = ids_uuid7(b->env->ids, loop_clock(b->env->loop)->wall_ms);
	return l;
}

void
books_post(struct books *b, struct account_ref debit, struct account_ref credit,
           int64_t amount)
{
	struct ledger_leg *l;

	if (amount == 0)
		return;
	l = leg(b, LEG_POST);
	l->debit = debit;
	l->credit = credit;
	l->amount = amount;
}

struct uuid
books_hold(struct books *b, struct account_ref debit, struct account_ref credit,
           int64_t amount)
{
	struct ledger_leg *l = leg(b, LEG_HOLD);

	l->debit = debit;
	l->credit = credit;
	l->amount = amount;
	return l->transfer_id;
}

void
books_resolve(struct books *b, const struct hold *h, bool capture)
{
	struct ledger_leg *l = leg(b, capture ? LEG_CAPTURE : LEG_VOID);

	l->hold_id = h->id;
	l->debit = h->debit;
	l->credit = h->credit;
	l->amount = h->amount;
}

struct buf
books_body(struct books *b, size_t cap)
{
	struct buf body;

	buf_init(&body, arena_zalloc(b->arena, cap), cap);
	return body;
}

void
books_effect(struct books *b, const char *kind, const struct buf *body)
{
	if (b->op.effect_count == OPERATION_EFFECTS_MAX || !buf_ok(body))
		abort();
	b->effects[b->op.effect_count++] = (struct effect){ kind, body->at };
}

void
books_audit(struct books *b, const char *action, const struct uuid *subject,
            const char *fmt, ...)
{
	struct buf body = books_body(b, 640);
	char detail[240];
	char text[UUID_TEXT_SIZE];
	struct json_writer w;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(detail, sizeof detail, fmt, ap);
	va_end(ap);
	jw_init(&w, &body);
	jw_object(&w, NULL);
	jw_i64(&w, "at_ms", loop_clock(b->env->loop)->wall_ms);
	if (!uuid_is_nil(&b->op.actor))
		jw_text(&w, "actor", uuid_text(&b->op.actor, text));
	jw_text(&w, "action", action);
	jw_text(&w, "subject", uuid_text(subject, text));
	jw_text(&w, "detail", detail);
	jw_end_object(&w);
	books_effect(b, "audit_new", &body);
}

char *
books_i64(struct books *b, int64_t v)
{
	return arena_printf(b->arena, "%lld", (long long)v);
}

char *
books_day(struct books *b, int32_t day)
{
	char text[DAY_TEXT_SIZE];

	return arena_strdup(b->arena, day_text(day, text));
}

void
books_news(struct books *b, const struct member *to, enum topic topic,
           const char *template, const struct text_value *values)
{
	struct buf json = books_body(b, 800);
	struct buf body = books_body(b, 1600);
	struct message m = { .cooperative_id = b->op.cooperative_id,
		             .member_id = to->member_id,
		             .values = json.at,
		             .topic = topic };
	struct json_writer w;

	jw_init(&w, &json);
	jw_object(&w, NULL);
	for (; values->name != NULL; values++)
		jw_text(&w, values->name, values->value);
	jw_end_object(&w);
	if (!buf_ok(&json))
		abort();
	m.message_id = ids_uuid7(b->env->ids, loop_clock(b->env->loop)->wall_ms);
	snprintf(m.msisdn, sizeof m.msisdn, "%s", to->msisdn);
	snprintf(m.language, sizeof m.language, "%s", to->language);
	snprintf(m.template, sizeof m.template, "%s", template);
	message_new_body(&body, &m);
	books_effect(b, "message_new", &body);
}

void
books_message(struct books *b, const struct member *to, const char *template,
              const struct text_value *values)
{
	books_news(b, to, TOPIC_NONE, template, values);
}

void
books_tell_officers(struct books *b, const struct officers *to, const char *template,
                    const struct text_value *values)
{
	for (unsigned i = 0; i < to->count; i++)
		books_message(b, &to->at[i], template, values);
}

void
books_payment(struct books *b, struct payment *p)
{
	struct buf body = books_body(b, 1200);
	int64_t bound;

	/* What goes out was routed before its hold; who asks was told before if a prompt
	 * is out of bounds (prompt_refusal). */
	if (p->direction == PAY_IN)
		(void)prompt_size(b->env, b->op.cooperative_id, p, &bound);
	p->cooperative_id = b->op.cooperative_id;
	p->created_ms = loop_clock(b->env->loop)->wall_ms;
	if (uuid_is_nil(&p->payment_id))
		p->payment_id = ids_uuid7(b->env->ids, p->created_ms);
	p->reference = ids_uuid4(b->env->ids);
	ids_code(b->env->ids, p->code, CODE_LENGTH);
	p->state = PAY_CREATED;
	if (p->direction == PAY_IN) {
		struct buf prompt = books_body(b, 160);

		payment_prompt_body(&prompt, p);
		books_effect(b, "one_prompt", &prompt);
	}
	payment_new_body(&body, p);
	books_effect(b, "payment_new", &body);
}

void
books_guard_one_pull(struct books *b, const struct uuid *loan_id)
{
	struct buf body = books_body(b, 80);

	loan_pull_body(&body, loan_id);
	books_effect(b, "loan_pull", &body);
}

void
books_asset(struct books *b, const struct asset *a, enum asset_state to,
            const struct uuid *loan_id, int64_t value)
{
	struct buf body = books_body(b, 300);

	asset_set_body(&body, a, to, loan_id, value);
	books_effect(b, "asset_set", &body);
}

void
books_loan(struct books *b, const struct loan_record *loan,
           const struct loan_change *change)
{
	struct buf body = books_body(b, 1200);

	loan_set_body(&body, loan, change);
	books_effect(b, "loan_set", &body);
}

struct member
books_borrower(const struct loan_record *loan)
{
	struct member m = { .member_id = loan->member_id };

	memcpy(m.msisdn, loan->view.msisdn, sizeof m.msisdn);
	memcpy(m.language, loan->language, sizeof m.language);
	return m;
}

struct payment
books_loan_payment(const struct loan_record *loan, enum pay_direction direction,
                   const char *purpose, int64_t amount)
{
	struct payment p = { .direction = direction,
		             .purpose_id = loan->view.loan_id,
		             .member_id = loan->member_id,
		             .amount = amount };

	snprintf(p.purpose, sizeof p.purpose, "%s", purpose);
	memcpy(p.provider, loan->provider, sizeof p.provider);
	memcpy(p.msisdn, loan->view.msisdn, sizeof p.msisdn);
	memcpy(p.currency, loan->view.currency, sizeof p.currency);
	return p;
}

struct payment
books_loan_payout(const struct loan_record *loan)
{
	struct payment p =
	    books_loan_payment(loan, PAY_OUT, "loan_out", loan->view.terms.principal);

	if (loan->contract != NULL &&
	    json_get_i64(loan->contract, "cashout_amount", &p.extra))
		p.amount += p.extra;
	return p;
}
