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
