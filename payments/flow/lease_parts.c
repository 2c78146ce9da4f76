#include "payments/flow/lease_parts.h"

#include "payments/flow/prompt_size.h"

const char *
lease_deposit_refusal(struct payments_op *op, const struct loan_record *loan)
{
	struct payment p =
	    books_loan_payment(loan, PAY_IN, "deposit_in", loan->view.deposit);

	return loan->view.deposit > 0 ? prompt_refusal(op, &p) : "";
}

struct payment
lease_ask_deposit(struct books *b, const struct loan_record *loan)
{
	struct payment p =
	    books_loan_payment(loan, PAY_IN, "deposit_in", loan->view.deposit);

	books_guard_one_pull(b, &loan->view.loan_id);
	books_payment(b, &p);
	return p;
}

void
lease_let_go(struct books *b, const struct loan_record *loan)
{
	const struct asset *a = &loan->view.asset;

	if (a->code[0] != '\0')
		books_asset(b, a, ASSET_FREE, &loan->view.loan_id, a->cost);
}

void
lease_tell(struct books *b, const struct loan_record *loan, const char *template)
{
	lease_tell_amount(b, loan, template, loan->view.terms.instalment);
}

void
lease_tell_amount(struct books *b, const struct loan_record *loan, const char *template,
                  int64_t amount)
{
	const struct loan_view *v = &loan->view;
	struct member to = books_borrower(loan);

	books_message(
	    b, &to, template,
	    (struct text_value[]){ { "code", v->code },
	                           { "asset", v->asset.name },
	                           { "deposit", books_i64(b, v->deposit) },
	                           { "amount", books_i64(b, amount) },
	                           { "owed", books_i64(b, v->owed) },
	                           { "due", books_day(b, v->terms.first_due_day) },
	                           { "last", books_day(b, v->terms.last_due_day) },
	                           { NULL, NULL } });
}
