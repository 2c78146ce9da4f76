/* Any octets as a receipt: read or not, its words fit and can be logged, and its id can
 * be made comparable by every rule. */
#include "gateway/channel/smpp/receipt.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_plain(const char *s, size_t room)
{
	if (strnlen(s, room) == room)
		abort();
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~')
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smpp_receipt r;
	struct smpp_report_body in = { .message_state = -1 };
	char id[SMPP_CARRIER_SIZE];
	size_t split;

	if (size < 3)
		return 0;
	split = 3 + data[0] % (size - 2); /* the text, and behind it the TLV's id */
	in.esm_class = data[1];
	in.message_state = (int8_t)data[2];
	in.text = (const char *)data + 3;
	in.len = split - 3;
	if (split < size) {
		in.receipted_id = (const char *)data + split;
		in.receipted_len = size - split;
	}
	(void)smpp_is_receipt(&in);
	if (!smpp_receipt_read(&in, &r))
		return 0;
	must_be_plain(r.text_id, sizeof r.text_id);
	must_be_plain(r.tlv_id, sizeof r.tlv_id);
	must_be_plain(r.word, sizeof r.word);
	must_be_plain(r.error, sizeof r.error);
	must_be_plain(r.submitted, sizeof r.submitted);
	must_be_plain(r.done, sizeof r.done);
	for (unsigned rule = 0; rule < SMPP_ID_RULES; rule++)
		if (smpp_receipt_carrier_id((enum smpp_id_rule)rule, "bind", &r, id))
			must_be_plain(id, sizeof id);
	(void)smpp_id_guess(r.text_id, &r);
	return 0;
}
