/* What the program is made of, without its listeners: also the provider of scenarios. */
#include "tests/sim/sim.h"

#include "tests/sim/book.h"

#include <string.h>

int64_t
sim_wait(const struct sim *s, int64_t ms)
{
	ms /= s->o.speed;
	return ms > 0 ? ms : 1;
}

int64_t
sim_now(const struct sim *s)
{
	return loop_clock(s->loop)->wall_ms;
}

bool
list_has(const char *list, const char *item)
{
	size_t want = strlen(item);

	while (*list != '\0') {
		size_t n = strcspn(list, ",");

		if (n == want && memcmp(list, item, n) == 0)
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

void
sim_defaults(struct sim *s)
{
	memset(s, 0, sizeof *s);
	s->o = (struct sim_options){ .listen = "127.0.0.1:9090",
		                     .gateway = "",
		                     .currencies = "TZS,EUR",
		                     .environment = "sandbox",
		                     .callback_hosts = "*",
		                     .short_code = "38477",
		                     .airtel_pin = "1234",
		                     .daraja_party = "174379",
		                     .daraja_passkey = "sandbox-passkey",
		                     .float_minor = 100000000000,
		                     .token_seconds = 3600,
		                     .speed = 1 };
	chaos_init(&s->chaos);
}

bool
sim_open(struct sim *s, struct err *err)
{
	s->book = book_open(s->o.book, err);
	if (s->book == NULL)
		return false;
	s->auth = auth_new();
	s->phones = phones_new();
	return true;
}

void
sim_close(struct sim *s)
{
	phones_free(s->phones);
	airtel_free(s->airtel);
	daraja_free(s->daraja);
	daraja_forget_bills(s);
	gsma_free(s->gsma);
	gsma_batches_free(s->batches);
	vodacom_free(s->vodacom);
	auth_free(s->auth);
	book_close(s->book);
}
