#include "payments/store/wallet.h"

const struct pg_statement wallet_room = {
	"wallet_room",
	"select day, starts_ms, used, per_payment, per_day, balance, minimum "
	"from wallet_room($1::integer, $2::uuid, $3::text, $4::text, "
	"$5::text, $6::bigint)"
};

bool
wallet_facts_read(const struct pg_reply *r, struct wallet_facts *out)
{
	if (r->rows != WALLET_DAYS)
		return false;
	*out = (struct wallet_facts){
		.today = (int32_t)reply_i64(r, 0, 0),
		.room = { .limits = { .per_payment = reply_i64(r, 0, 3),
		                      .per_day = reply_i64(r, 0, 4),
		                      .balance = reply_i64(r, 0, 5),
		                      .minimum = reply_i64(r, 0, 6) } },
	};
	for (int d = 0; d < WALLET_DAYS; d++) {
		out->starts_ms[d] = reply_i64(r, d, 1);
		out->room.used[d] = reply_i64(r, d, 2);
	}
	return true;
}
