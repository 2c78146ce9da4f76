/* Any bytes as a form: what decodes, encodes and decodes to itself. */
#include "lib/buf.h"
#include "lib/http_server.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "text", "phoneNumber", "a", "" };
	char out[64], again[64], storage[512];
	struct buf b;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		long n = form_get((const char *)data, size, names[i], out, sizeof out);

		if (n < -2 || n >= (long)sizeof out)
			abort();
		if (n < 0) {
			if (out[0] != '\0')
				abort();
			continue;
		}
		if (strlen(out) != (size_t)n)
			abort();
		buf_init(&b, storage, sizeof storage);
		form_put(&b, names[i], out);
		if (form_get(b.at, b.len, names[i], again, sizeof again) != n ||
		    strcmp(out, again) != 0)
			abort();
	}
	return 0;
}
