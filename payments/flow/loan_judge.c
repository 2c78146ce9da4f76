#include "payments/flow/loan_judge.h"

#include "payments/flow/prompt_size.h"
#include "payments/flow/route.h"

#include <string.h>

void
judge_ask_asset(struct payments_op *op, const struct uuid *asset_id, call_reply *on_reply)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, asset_id);
	call_ask(op, &asset_by_id, a, on_reply);
}

void
judge_ask_facts(struct payments_op *op, const struct judged *j, const char *product,
                call_reply *on_reply)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	if (j->offer.asset.code[0] != '\0')
		product = j->offer.asset.product;
	if (j->group.code[0] != '\0')
		product = j->group.product;
	pg_text(a, product[0] == '\0' ? NULL : product); /* NULL: the first */
	call_ask(op, &loan_facts, a, on_reply);
}

bool
judge_ask_cashout(struct payments_op *op, const struct loan_facts *f,
                  call_reply *on_reply)
{
	char provider[16];
	struct pg_args *a;

	if (f->product.terms.contract.cashout == CASHOUT_NONE)
		return false;
	memcpy(provider, f->provider, sizeof provider);
	route_name(op->env,
	           &(struct route_ask){ .cooperative_id = op->who.cooperative_id,
	                                .msisdn = f->member.msisdn,
	                                .currency = f->currency },
	           provider);
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_text(a, provider);
	pg_text(a, f->currency);
	pg_text(a, "cashout");
	pg_i64(a, call_now(op));
	call_ask(op, &tariff_bands, a, on_reply);
	return true;
}

void
judge_ask_group(struct payments_op *op, const struct uuid *group_id, call_reply *on_reply)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, group_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, &group_by_id, a, on_reply);
}

const struct group_part *
judge_group(struct judged *j, const struct pg_reply *r, const struct uuid *member_id)
{
	if (!group_read(r, &j->group) || j->group.state != GROUP_FORMING)
		return NULL;
	for (unsigned i = 0; i < j->group.count; i++)
		if (uuid_equal(&j->group.part[i].member_id, member_id) &&
		    uuid_is_nil(&j->group.part[i].loan_id))
			return &j->group.part[i];
	return NULL;
}

static int
add_cashout(struct judged *j, int64_t amount, struct schedule *work)
{
	int64_t gross;

	if (j->contract.cashout == CASHOUT_NONE ||
	    !tariff_gross(&j->cashout, amount, &gross))
		return 0;
	j->offer.cashout = gross - amount;
	return loan_cashout(&j->contract, j->offer.cashout, work, NULL);
}

/* What she could not be asked for is not asked of her. */
static const char *
judge_deposit(struct payments_op *op, const struct loan_facts *f, int64_t deposit)
{
	struct payment p = { .direction = PAY_IN, .amount = deposit };

	if (deposit == 0)
		return "";
	memcpy(p.provider, f->provider, sizeof p.provider);
	memcpy(p.msisdn, f->member.msisdn, sizeof p.msisdn);
	memcpy(p.currency, f->currency, sizeof p.currency);
	return prompt_refusal(op, &p);
}

const char *
judge(struct payments_op *op, const struct loan_facts *f, int64_t amount, unsigned terms,
      struct judged *j)
{
	static const char *const reasons[] = { [LIMIT_OK] = "",
		                               [LIMIT_HAS_LOAN] = "has_loan",
		                               [LIMIT_MINIMUM] = "minimum",
		                               [LIMIT_OVER] = "limit" };
	const struct loan_product *p = &f->product.terms;
	struct schedule *work;
	const char *no;
	struct lease_price *lease = &j->offer.lease;

	j->offer.minimum = p->amount_min;
	j->offer.limit = limit_loan(p, &f->borrower);
	j->offer.terms_min = p->terms_min;
	j->offer.terms_max = p->terms_max;
	j->offer.choices = p->choices;
	memcpy(j->offer.choice, p->choice, sizeof j->offer.choice);
	j->offer.every_unit = p->contract.every_unit;
	j->offer.every = p->contract.every;
	j->offer.rule = p->limit;
	j->offer.borrower = f->borrower;
	limit_why(p, &f->borrower, &j->offer.why);
	memcpy(j->offer.currency, f->currency, sizeof j->offer.currency);
	memcpy(j->offer.product, f->product.code, sizeof j->offer.product);
	if (f->borrower.has_loan)
		return "has_loan";
	if (j->offer.asset.code[0] == '\0' && j->group.code[0] == '\0' &&
	    !product_on_menu(&f->product))
		return "no_product";
	if (j->offer.asset.code[0] != '\0') {
		if (lease_price(j->offer.asset.cost, f->product.deposit_bp,
		                f->product.buyout_bp, lease, NULL) < 0)
			return "bad_input";
		amount = lease->principal;
	}
	if (amount == 0)
		return j->offer.limit < p->amount_min ? "limit" : "";
	work = arena_zalloc(op->arena, sizeof *work);
	if (loan_contract(p, amount, terms == 0 ? p->terms_usual : terms, f->today,
	                  &j->contract, NULL) < 0 ||
	    lease_buyout(&j->contract, lease->buyout, work, NULL) < 0 ||
	    add_cashout(j, amount, work) < 0 ||
	    loan_terms(&j->contract, work, &j->offer.terms, NULL) < 0)
		return "bad_input";
	no = reasons[limit_check(p, &f->borrower, amount)];
	return no[0] == '\0' ? judge_deposit(op, f, lease->deposit) : no;
}
