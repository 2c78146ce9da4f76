#include "payments/flow/group_parts.h"

struct account_ref
group_savings(const struct uuid *member_id, const char *unit)
{
	return account(ACC_SAVINGS, member_id, unit);
}

struct account_ref
group_called(const struct uuid *group_id, const char *unit)
{
	return account(ACC_GUARANTEE, group_id, unit);
}

static void
let_go(struct books *b, const struct loan_record *loan, const struct group_hold *h)
{
	const char *unit = loan->view.currency;

	books_resolve(
	    b,
	    &(struct hold){ h->hold_id, group_savings(&h->member.member_id, unit),
	                    group_called(&loan->group->group_id, unit), h->amount },
	    false);
	books_message(b, &h->member, "guarantee.free",
	              (struct text_value[]){ { "group", loan->group->name },
	                                     { "amount", books_i64(b, h->amount) },
	                                     { NULL, NULL } });
}

void
group_put_change(struct books *b, const struct loan_group *g)
{
	struct buf body = books_body(b, 4000);

	group_set_body(&body, &g->group_id, g->version, &g->change);
	books_effect(b, "group_set", &body);
}

/* The version makes sure that of two parts that end in the same moment one sees the
 * other. */
static void
end(struct books *b, const struct loan_record *loan, bool failed)
{
	struct loan_group *g = loan->group;

	if (g == NULL)
		return;
	if (g->others_open == 0)
		g->change.state = "closed";
	for (unsigned i = 0; i < g->count; i++) {
		const struct uuid *member = &g->hold[i].member.member_id;

		if (g->others_open > 0 &&
		    !(failed && uuid_equal(member, &loan->member_id)))
			continue;
		let_go(b, loan, &g->hold[i]);
		g->change.held[g->change.count++].member_id = *member;
	}
	group_put_change(b, g);
}

void
group_part_ends(struct books *b, const struct loan_record *loan)
{
	end(b, loan, false);
}

void
group_part_fails(struct books *b, const struct loan_record *loan)
{
	end(b, loan, true);
}
