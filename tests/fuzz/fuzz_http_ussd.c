/* Requests of USSD over HTTP, in every dialect: the first byte chooses it, the rest is
 * path, query and body, apart by newlines. */
#include "gateway/channel/http_ussd.h"
#include "gateway/channel/xml_read.h"
#include "lib/buf.h"

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

static unsigned
count_rows(void)
{
	unsigned n = 0;

	while (http_ussd_rows[n].name != NULL)
		n++;
	return n;
}

/* Cuts the text at its first newline; what stands behind it. */
static char *
cut(char *text)
{
	char *end = strchr(text, '\n');

	if (end == NULL)
		return text + strlen(text);
	*end = '\0';
	return end + 1;
}

static void
answer(const struct http_ussd_row *row, const struct http_ussd_request *rq,
       const struct http_ussd_hop *h)
{
	char body[8192], head[512], kept_text[1024];
	struct buf b, header, kept;

	buf_init(&kept, kept_text, sizeof kept_text);
	http_ussd_keep(row, rq, &kept);
	struct http_ussd_screen s = { "1 Yes\n2 No|", USSD_MORE,
		                      h->hop.session, h->hop.msisdn.digits,
		                      h->hop.code,    "http://us",
		                      kept_text };
	for (int said = USSD_MORE; said <= USSD_OVER; said++) {
		s.said = (enum http_ussd_said)said;
		buf_init(&b, body, sizeof body);
		buf_init(&header, head, sizeof head);
		http_ussd_write(row, &s, &b, &header);
		check(strpbrk(head, "\r\n") == NULL);
		check(said == USSD_OVER || b.len > 0);
	}
}

static void
read_xml(const char *body, size_t n)
{
	char out[64];
	long got = xml_text(body, n, "msg", out, sizeof out);

	check(got < 0 || (size_t)got == strlen(out));
	got = xml_attribute(body, n, "msg", "a", out, sizeof out);
	check(got < 0 || (size_t)got == strlen(out));
	got = xml_member(body, n, "MSISDN", out, sizeof out);
	check(got < 0 || (size_t)got == strlen(out));
	xml_has(body, n, "dialog");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const methods[] = { "GET", "POST", "PUT" };
	static struct http_ussd_hop h;
	unsigned rows = count_rows();

	if (size < 2)
		return 0;
	const struct http_ussd_row *row = &http_ussd_rows[data[0] % rows];
	size_t n = size - 2;
	char *path = malloc(n + 1);
	memcpy(path, data + 2, n);
	path[n] = '\0';
	char *query = cut(path), *body = cut(query);
	struct http_ussd_request rq = {
		.method = methods[data[1] % 3],
		.path = path,
		.query = query,
		.body = body,
		.n = (size_t)(path + n - body),
		.country = "TZ",
		.code = "*384*77#",
	};

	read_xml(rq.body, rq.n);
	if (http_ussd_read(row, &rq, &h) == NULL) {
		bool answers = h.hop.kind == HOP_BEGIN || h.hop.kind == HOP_CONTINUE;

		check(h.hop.session[0] != '\0' &&
		      strpbrk(h.hop.session, " \r\n") == NULL);
		check(!answers || h.hop.msisdn.digits[0] != '\0');
		check(answers || h.hop.input_len == 0);
		check(h.hop.input_len == strlen(h.hop.input));
		answer(row, &rq, &h);
	}
	http_ussd_wipe(&h);
	for (size_t i = 0; i < sizeof h.text; i++)
		check(h.text[i] == '\0');
	free(path);
	return 0;
}
