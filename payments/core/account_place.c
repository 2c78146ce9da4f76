/*
 * account_place - which money of a payment goes where: nine fixed orders and a configured
 * one.
 *
 * The fixed orders go row after row, oldest first.  What differs is the order of parts in
 * a row that is late, due on the day, or not due yet:
 *
 *   penalties-fees-interest-principal, creocore   P F I C in every row
 *   interest-principal-penalties-fees             I C P F
 *   principal-interest-penalties-fees             C I P F
 *   rbi        late: P F I of all late rows and the nearest, then principal of all rows
 *   early      in advance: principal alone; else I C P F
 *   heavensfamily  C I F P; a row whose due day is more than one ahead gives up its
 *              interest once its principal is paid
 *   due-penalty-fee-interest-principal-in-advance-principal-penalty-fee-interest, and
 *   due-penalty-interest-principal-fee-in-advance-penalty-interest-principal-fee
 *              in a row in advance charges count as due from their own day
 */
#include "payments/core/account_parts.h"

int64_t
account_row_owed(const struct account_row *row, enum component part)
{
	return row->due_part[part] - row->paid[part] - row->waived[part] -
	       row->written_off[part];
}

int64_t
account_row_open(const struct account_row *row)
{
	int64_t owed = 0;

	for (int p = 0; p < PARTS; p++)
		owed += account_row_owed(row, (enum component)p);
	return owed;
}

bool
account_row_done(const struct account_row *row)
{
	for (int p = 0; p < PARTS; p++)
		if (account_row_owed(row, (enum component)p) > 0)
			return false;
	return true;
}

int64_t
account_pay_part(struct paying *p, struct account_row *row, enum component part,
                 int64_t most)
{
	int64_t take = account_row_owed(row, part);

	if (take > most)
		take = most;
	if (take > p->left)
		take = p->left;
	if (take <= 0)
		return 0;
	row->paid[part] += take;
	p->part[part] += take;
	p->left -= take;
	if (p->day < row->due)
		row->in_advance += take;
	else if (p->day > row->due)
		row->late += take;
	if (account_row_done(row))
		row->paid_day = p->day;
	return take;
}

static void
pay_in_order(struct paying *p, struct account_row *row, const enum component order[PARTS])
{
	for (int i = 0; i < PARTS; i++)
		account_pay_part(p, row, order[i], INT64_MAX);
}

static const enum component pfic[PARTS] = { PART_PENALTY, PART_FEE, PART_INTEREST,
	                                    PART_PRINCIPAL };

static const enum component icpf[PARTS] = { PART_INTEREST, PART_PRINCIPAL, PART_PENALTY,
	                                    PART_FEE };

static const enum component cipf[PARTS] = { PART_PRINCIPAL, PART_INTEREST, PART_PENALTY,
	                                    PART_FEE };

static const enum component cifp[PARTS] = { PART_PRINCIPAL, PART_INTEREST, PART_FEE,
	                                    PART_PENALTY };

static const enum component picf[PARTS] = { PART_PENALTY, PART_INTEREST, PART_PRINCIPAL,
	                                    PART_FEE };

/* Charges of a row, no more of each kind than has been charged up to the day. */
static void
pay_due_charge(struct paying *p, struct account_row *row, enum component part)
{
	if (p->due_charge[part] > p->left)
		p->due_charge[part] = p->left;
	account_pay_part(p, row, part, p->due_charge[part]);
}

static void
pay_in_advance(struct paying *p, struct account_row *row, bool principal_first)
{
	pay_due_charge(p, row, PART_PENALTY);
	if (principal_first) {
		pay_due_charge(p, row, PART_FEE);
		account_pay_part(p, row, PART_PRINCIPAL, INT64_MAX);
		pay_in_order(p, row, pfic);
		return;
	}
	pay_due_charge(p, row, PART_FEE);
	pay_in_order(p, row, picf);
}

static uint32_t
nearest_row(const struct paying *p)
{
	uint32_t nearest = 0;

	for (uint32_t i = 0; i < p->a->row_count && p->a->rows[i].due <= p->day; i++)
		nearest = i;
	return nearest;
}

static void
pay_interest_first(struct paying *p)
{
	struct loan_account *a = p->a;
	uint32_t nearest = nearest_row(p);

	for (uint32_t i = 0; i < a->row_count; i++)
		if (a->rows[i].due < p->day || i == nearest)
			for (int k = 0; k < PARTS - 1; k++)
				account_pay_part(p, &a->rows[i], pfic[k], INT64_MAX);
	for (uint32_t i = 0; i < a->row_count; i++)
		account_pay_part(p, &a->rows[i], PART_PRINCIPAL, INT64_MAX);
}

static void
pay_heavensfamily(struct paying *p, uint32_t i)
{
	struct account_row *row = &p->a->rows[i];
	const struct account_row *before = &p->a->rows[i == 0 ? 0 : i - 1];

	if (p->day < before->due) {
		account_pay_part(p, row, PART_PRINCIPAL, INT64_MAX);
		if (account_row_owed(row, PART_PRINCIPAL) == 0)
			row->waived[PART_INTEREST] =
			    row->due_part[PART_INTEREST] - row->paid[PART_INTEREST];
	}
	pay_in_order(p, row, cifp);
}

static void
pay_row(struct paying *p, uint32_t i)
{
	struct account_row *row = &p->a->rows[i];
	bool advance = p->day < row->due;

	switch (p->a->contract.strategy) {
	case STRATEGY_INTEREST_PRINCIPAL_PENALTIES_FEES:
		pay_in_order(p, row, icpf);
		return;
	case STRATEGY_PRINCIPAL_INTEREST_PENALTIES_FEES:
		pay_in_order(p, row, cipf);
		return;
	case STRATEGY_EARLY_REPAYMENT:
		if (advance)
			account_pay_part(p, row, PART_PRINCIPAL, INT64_MAX);
		else
			pay_in_order(p, row, icpf);
		return;
	case STRATEGY_HEAVENSFAMILY_UNIQUE:
		pay_heavensfamily(p, i);
		return;
	case STRATEGY_RBI_INDIA:
		if (p->day > row->due)
			pay_interest_first(p);
		else
			pay_in_order(p, row, pfic);
		return;
	case STRATEGY_DUE_PENALTY_FEE_INTEREST_PRINCIPAL:
	case STRATEGY_DUE_PENALTY_INTEREST_PRINCIPAL_FEE: {
		bool first = p->a->contract.strategy ==
		             STRATEGY_DUE_PENALTY_FEE_INTEREST_PRINCIPAL;

		if (advance)
			pay_in_advance(p, row, first);
		else
			pay_in_order(p, row, first ? pfic : picf);
		return;
	}
	case STRATEGY_PENALTIES_FEES_INTEREST_PRINCIPAL:
	case STRATEGY_CREOCORE_UNIQUE:
	case STRATEGY_CONFIGURED:
	case STRATEGIES:
		pay_in_order(p, row, pfic);
		return;
	}
}

/* ---- the configured order ------------------------------------------------------------
 */

static enum timing
timing_of(const struct account_row *row, int32_t day)
{
	if (row->due < day)
		return PAST_DUE;
	return row->due == day ? DUE : IN_ADVANCE;
}

static const struct order_step usual[] = {
	{ PAST_DUE, PART_PENALTY },     { PAST_DUE, PART_FEE },
	{ PAST_DUE, PART_PRINCIPAL },   { PAST_DUE, PART_INTEREST },
	{ DUE, PART_PENALTY },          { DUE, PART_FEE },
	{ DUE, PART_PRINCIPAL },        { DUE, PART_INTEREST },
	{ IN_ADVANCE, PART_PENALTY },   { IN_ADVANCE, PART_FEE },
	{ IN_ADVANCE, PART_PRINCIPAL }, { IN_ADVANCE, PART_INTEREST },
};

struct order {
	const struct order_step *at;
	uint32_t count;
};

static struct order
order_of(const struct contract *c)
{
	if (c->order_count == 0)
		return (struct order){ usual, sizeof usual / sizeof usual[0] };
	return (struct order){ c->order, c->order_count };
}

/* The same share of every row ahead, what does not divide to the first ones. */
static void
spread(struct paying *p, enum component part)
{
	struct loan_account *a = p->a;

	for (bool moved = true; moved && p->left > 0;) {
		int64_t open = 0, share, extra;

		for (uint32_t i = 0; i < a->row_count; i++)
			open += timing_of(&a->rows[i], p->day) == IN_ADVANCE &&
			        account_row_owed(&a->rows[i], part) > 0;
		if (open == 0)
			return;
		share = p->left / open;
		extra = p->left % open;
		moved = false;
		for (uint32_t i = 0; i < a->row_count; i++) {
			struct account_row *row = &a->rows[i];
			int64_t want = share + (extra > 0);

			if (timing_of(row, p->day) != IN_ADVANCE ||
			    account_row_owed(row, part) == 0)
				continue;
			extra -= extra > 0;
			moved |= account_pay_part(p, row, part, want) > 0;
		}
	}
}

static uint32_t
row_index(const struct paying *p, enum timing timing, uint32_t i)
{
	bool backward = timing == IN_ADVANCE && p->a->contract.surplus == SURPLUS_LAST;

	return backward ? p->a->row_count - 1 - i : i;
}

/* One part over all rows of a timing. */
static void
pay_down(struct paying *p, struct order_step step)
{
	struct loan_account *a = p->a;

	if (step.timing == IN_ADVANCE && a->contract.surplus == SURPLUS_REAMORTISE) {
		spread(p, step.part);
		return;
	}
	for (uint32_t i = 0; i < a->row_count; i++) {
		struct account_row *row = &a->rows[row_index(p, step.timing, i)];

		if (timing_of(row, p->day) == step.timing)
			account_pay_part(p, row, step.part, INT64_MAX);
	}
}

/* All parts of a timing, row after row. */
static void
pay_across(struct paying *p, enum timing timing, struct order order)
{
	struct loan_account *a = p->a;

	for (uint32_t i = 0; i < a->row_count; i++) {
		struct account_row *row = &a->rows[row_index(p, timing, i)];

		if (timing_of(row, p->day) != timing)
			continue;
		for (uint32_t k = 0; k < order.count; k++)
			if (order.at[k].timing == timing)
				account_pay_part(p, row, order.at[k].part, INT64_MAX);
	}
}

static void
pay_configured(struct paying *p)
{
	const struct contract *c = &p->a->contract;
	struct order order = order_of(c);

	for (uint32_t k = 0; k < order.count; k++) {
		enum timing timing = order.at[k].timing;
		bool whole = !c->order_vertical &&
		             (timing != IN_ADVANCE || c->surplus != SURPLUS_REAMORTISE);

		if (!whole)
			pay_down(p, order.at[k]);
		else if (k == 0 || order.at[k - 1].timing != timing)
			pay_across(p, timing, order);
	}
}

void
account_place(struct paying *p)
{
	if (p->a->contract.strategy == STRATEGY_CONFIGURED) {
		pay_configured(p);
		return;
	}
	for (uint32_t i = 0; i < p->a->row_count && p->left > 0; i++)
		if (!account_row_done(&p->a->rows[i]))
			pay_row(p, i);
}
