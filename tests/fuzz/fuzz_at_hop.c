/* The form bodies Africa's Talking posts: hop, end-of-session notice, SMS, report. */
#include "gateway/channel/at_gate.h"
#include "gateway/channel/at_read.h"

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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct at_hop hop;
	static struct at_sms_in sms;
	struct sms_report report;
	struct hop event;
	char *body = malloc(size + 1);

	if (size > 0)
		memcpy(body, data, size);
	body[size] = '\0';
	if (at_ussd_parse(body, size, &hop) == NULL) {
		check(hop.hop.input_len == strlen(hop.hop.input));
		check(hop.hop.session[0] != '\0' && hop.hop.msisdn.digits[0] != '\0');
		check((hop.hop.kind == HOP_BEGIN) == (hop.hop.input_len == 0));
		at_hop_wipe(&hop);
		check(hop.text[0] == '\0' && hop.hop.input_len == 0);
	}
	if (at_ussd_parse_event(body, size, &event) == NULL)
		check(event.input_len == 0);
	if (at_sms_parse(body, size, &sms) == NULL)
		check(sms.in.text_len == strlen(sms.text));
	if (at_sms_parse_report(body, size, &report) == NULL)
		check(report.carrier_id[0] != '\0');
	const char *tail = at_path_tail("secret", body);
	check(tail == NULL || strncmp(body, "/secret", 7) == 0);
	free(body);
	return 0;
}
