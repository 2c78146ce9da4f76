/* Any deliver_sm by any vendor's row: a hop that can be keyed and logged, or a word why
 * not; and every hop can be answered. */
#include "gateway/channel/smpp/ussd.h"

#include <stdlib.h>
#include <string.h>

#define HEAD 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_plain(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~')
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[256];
	size_t presets = 0;
	struct smpp_ussd_in in = { .bind = "bind", .service_type = "USSD" };
	struct smpp_ussd_back back;
	struct smpp_ussd_out out;
	struct hop hop;
	const char *why = NULL;

	if (size < HEAD || size - HEAD >= sizeof text)
		return 0;
	memcpy(text, data + HEAD, size - HEAD);
	text[size - HEAD] = '\0';
	while (smpp_ussd_preset_at(presets) != NULL)
		presets++;
	in.op = data[0] == 0xff ? SMPP_OP_NONE : data[0];
	in.has_info = data[1] & 1;
	in.has_reference = data[1] & 2;
	in.info = in.has_info ? (uint16_t)(data[2] << 8 | data[3]) : 0;
	in.reference = in.has_reference ? (uint16_t)(data[4] << 8 | data[5]) : 0;
	in.source = data[1] & 4 ? text : "255712000100";
	in.destination = data[1] & 8 ? text : "*384*77#";
	in.service_code = "*384*77#";
	in.text = text;
	in.text_len = strlen(text);
	switch (smpp_ussd_read(smpp_ussd_preset_at(data[6] % presets), &in, &hop, &back,
	                       &why)) {
	case SMPP_USSD_WRONG:
		if (why == NULL)
			abort();
		return 0;
	case SMPP_USSD_NOTHING:
		return 0;
	case SMPP_USSD_HOP:
		break;
	}
	must_be_plain(hop.session);
	must_be_plain(hop.code);
	if (hop.session[0] == '\0' || hop.input_len != strlen(hop.input))
		abort();
	smpp_ussd_answer(&back, data[7] & 1, &out);
	must_be_plain(out.phone);
	must_be_plain(out.number);
	return 0;
}
