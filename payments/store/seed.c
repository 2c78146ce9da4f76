#include "payments/store/seed.h"

const struct pg_statement seed_cooperative = {
	"seed_cooperative",
	"select seed_cooperative($1::integer, $2::text, $3::bigint, $4::text, $5::text)"
};
