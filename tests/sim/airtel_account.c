/* Airtel: our balance there, and whose a wallet is. */
#include "tests/sim/book.h"
#include "tests/sim/script.h"
#include "tests/sim/sim.h"

#include <string.h>

/* With separators of thousands, and success:false on a good answer, as the real one. */
void
airtel_balance(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	int64_t v = s->o.float_minor - book_paid(s->book, true);
	char digits[32], parted[48], text[200];
	size_t n, at = 0;

	if (!airtel_admit(s, x))
		return;
	n = (size_t)snprintf(digits, sizeof digits, "%lld", (long long)(v / 100));
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			parted[at++] = ',';
		parted[at++] = digits[i];
	}
	parted[at] = '\0';
	snprintf(text, sizeof text,
	         "{\"data\":{\"balance\":\"%s.%02d\",\"currency\":\"%s\","
	         "\"account_status\":\"Active\"},\"status\":{\"code\":\"200\","
	         "\"success\":false}}",
	         parted, (int)(v % 100), http_header(x, "X-Currency"));
	answer_json(x, 200, text);
}

void
airtel_user(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *number = http_path_rest(x);
	size_t n = strlen(number);

	if (!airtel_admit(s, x))
		return;
	if (n < 11 || strspn(number, "0123456789") != n ||
	    strcmp(number + n - 2, "07") == 0)
		answer_json(x, 404, "{\"status\":{\"code\":\"404\",\"success\":false}}");
	else
		answer_json(x, 200,
		            "{\"data\":{\"first_name\":\"Neema\",\"last_name\":"
		            "\"Mushi\",\"grade\":\"SUBS\",\"is_barred\":false},"
		            "\"status\":{\"code\":\"200\",\"success\":true}}");
}
