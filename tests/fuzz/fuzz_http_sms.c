/* SMS over HTTP: what carriers answer, and the SMS and reports they bring.  The first
 * byte chooses the kind; then the query, a newline, and the body. */
#include "gateway/channel/http_sms.h"
#include "gateway/channel/http_sms_in.h"

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
read_all(const struct settings_carrier *row, const struct http_sms_post *post)
{
	static struct at_sms_in sms;
	struct sms_report report;
	char when[40];
	bool more = true;

	for (unsigned i = 0; more; i++) {
		check(i < HTTP_SMS_IN_MANY);
		if (http_sms_in_read(row, post, i, &sms, when, &more) == NULL) {
			check(sms.in.from.digits[0] != '\0');
			check(sms.in.text_len == strlen(sms.text));
		} else {
			check(sms.text[0] == '\0');
		}
	}
	if (http_sms_stopped_read(post, &sms.in.from) == NULL)
		check(sms.in.from.digits[0] != '\0');
	more = true;
	for (unsigned i = 0; more; i++) {
		check(i < HTTP_SMS_IN_MANY);
		if (http_sms_report_read(row, post, i, &report, &more) == NULL)
			check(strncmp(report.carrier_id, "k:", 2) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kinds[] = { "kannel", "infobip", "template" };
	static const int statuses[] = { 200, 202, 400, 403, 503 };
	struct settings_carrier row = { .name = "k", .expects = "ok", .id_field = "id" };
	struct http_sms_answer a;

	if (size < 1)
		return 0;
	memcpy(row.kind, kinds[data[0] % 3], strlen(kinds[data[0] % 3]));
	char *query = malloc(size);
	memcpy(query, data + 1, size - 1);
	query[size - 1] = '\0';
	char *end = strchr(query, '\n');
	char *body = end == NULL ? query + strlen(query) : end + 1;
	if (end != NULL)
		*end = '\0';
	struct http_sms_post post = { .query = query,
		                      .body = body,
		                      .tail = "",
		                      .n = (size_t)(query + size - 1 - body) };

	read_all(&row, &post);
	http_sms_read(&row, statuses[data[0] / 3 % 5], body, post.n, "id", &a);
	check(a.fate == SMS_TAKEN || a.reason[0] != '\0');
	check(a.fate != SMS_TAKEN || strncmp(a.carrier_id, "k:", 2) == 0 ||
	      a.carrier_id[0] == '\0');
	free(query);
	return 0;
}
