#include "payments/store/overview.h"

const struct pg_statement overview_payments = {
	"overview_payments",
	"select cooperative_id, payment_id, reference, direction, provider, purpose, "
	"msisdn, "
	"amount, currency, code, state, reason, provider_txn, created_ms from payments "
	"where ($1::integer = 0 or cooperative_id = $1) and payment_id > $2::uuid "
	"order by payment_id limit $3::integer",
};

const struct pg_statement overview_open = {
	"overview_open",
	"select 'payments', state, count(*), $1::bigint - min(created_ms) from payments "
	"where next_try_ms is not null group by state "
	"union all "
	"select 'messages', state, count(*), $1 - min(created_ms) from messages "
	"where next_try_ms is not null group by state order by 1, 2",
};

const struct pg_statement overview_loans = {
	"overview_loans",
	"select l.loan_id, l.cooperative_id, l.code, m.number, l.state, l.principal, "
	"l.fee, "
	"l.total, l.total - l.principal_paid - l.fee_paid, c.currency, l.weeks, "
	"l.requested_ms, coalesce(l.paid_ms, 0), coalesce(l.closed_ms, 0), "
	"coalesce(l.payment_code, '') from loans l "
	"join members m on m.cooperative_id = l.cooperative_id "
	"and m.member_id = l.member_id "
	"join cooperatives c on c.cooperative_id = l.cooperative_id "
	"where ($1::integer = 0 or l.cooperative_id = $1) and l.loan_id > $2::uuid "
	"order by l.loan_id limit 200",
};

const struct pg_statement overview_risk = {
	"overview_risk",
	"select * from portfolio_at_risk($1::integer, $2::bigint)",
};

const struct pg_statement overview_receipt_breaks = {
	"overview_receipt_breaks",
	"select b.cooperative_id, s.code, b.number, b.code, b.what from receipt_breaks b "
	"join sites s on s.cooperative_id = b.cooperative_id and s.site_id = b.site_id "
	"order by 1, 2, 3",
};

const struct pg_statement overview_receipts = {
	"overview_receipts",
	"select count(*) from receipts",
};
