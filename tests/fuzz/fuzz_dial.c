/* A service code, and behind a newline what was dialled: what is cut off lies inside it,
 * and no part is kept that could be more than a choice. */
#include "ussd/core/dial.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static void
check_parts(const char *service, const char *text, size_t n)
{
	struct dial d;

	dial_read(service, text, n, &d);
	check(d.count <= DIAL_PARTS && d.next == 0);
	for (unsigned i = 0; i < d.count; i++) {
		size_t len = strnlen(d.part[i], sizeof d.part[i]);
		bool other = strcmp(d.part[i], "?") == 0;

		check(len == 1 || len == 2);
		check(other || strspn(d.part[i], "0123456789") == len);
		check(!other || i + 1 == d.count);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char service[32];
	size_t cut = 0;
	struct dial_text rest;

	while (cut < size && cut + 1 < sizeof service && data[cut] != '\n' &&
	       data[cut] != '\0')
		cut++;
	memcpy(service, data, cut);
	service[cut] = '\0';
	if (cut < size)
		cut++;
	/* its own allocation, so that a read beside it is seen */
	size_t n = size - cut;
	char *dialled = malloc(n + 1);
	memcpy(dialled, data + cut, n);
	bool is = dial_behind(service, dialled, n, &rest);
	check(rest.at >= dialled && rest.at + rest.len <= dialled + n);
	check(is || rest.len == 0);
	check_parts(service, rest.at, rest.len);
	check_parts(service, dialled, n);
	free(dialled);
	return 0;
}
