#include "payments/store/seed.h"

const struct pg_statement seed_cooperative = {
	"seed_cooperative",
	"select seed_cooperative_in($1::integer, $2::jsonb, $3::text, $4::bigint, "
	"$5::text, $6::text)"
};
