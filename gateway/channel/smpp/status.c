#include "gateway/channel/smpp/status.h"

#include <stddef.h>

static const struct row {
	uint32_t status;
	enum smpp_meaning meaning;
	const char *name;
} rows[] = {
	{ 0x00, SMPP_MEANS_OK, "ok" },
	{ 0x01, SMPP_MEANS_NEVER, "bad_length" },
	{ 0x02, SMPP_MEANS_LATER, "bad_command_length" },
	{ 0x03, SMPP_MEANS_LATER, "bad_command" },
	{ 0x04, SMPP_MEANS_LATER, "wrong_bind_state" },
	{ 0x05, SMPP_MEANS_LATER, "already_bound" },
	{ 0x08, SMPP_MEANS_LATER, "system_error" },
	{ 0x0a, SMPP_MEANS_NEVER, "bad_source" },
	{ 0x0b, SMPP_MEANS_NEVER, "bad_destination" },
	{ 0x0d, SMPP_MEANS_LATER, "bind_failed" },
	{ 0x0e, SMPP_MEANS_LATER, "bad_password" },
	{ 0x0f, SMPP_MEANS_LATER, "bad_system_id" },
	{ 0x14, SMPP_MEANS_FULL, "queue_full" },
	{ 0x15, SMPP_MEANS_NEVER, "bad_service_type" },
	{ 0x43, SMPP_MEANS_NEVER, "bad_esm_class" },
	{ 0x45, SMPP_MEANS_LATER, "submit_failed" },
	{ 0x48, SMPP_MEANS_NEVER, "bad_source_ton" },
	{ 0x49, SMPP_MEANS_NEVER, "bad_source_npi" },
	{ 0x50, SMPP_MEANS_NEVER, "bad_destination_ton" },
	{ 0x51, SMPP_MEANS_NEVER, "bad_destination_npi" },
	{ 0x58, SMPP_MEANS_SLOWER, "throttled" },
	{ 0x62, SMPP_MEANS_NEVER, "bad_validity" },
	{ 0x64, SMPP_MEANS_LATER, "temporary" },
	{ 0x65, SMPP_MEANS_NEVER, "permanent" },
	{ 0x66, SMPP_MEANS_NEVER, "rejected" },
	{ 0xc0, SMPP_MEANS_NEVER, "bad_tlvs" },
	{ 0xc4, SMPP_MEANS_NEVER, "bad_tlv_value" },
	{ 0xfe, SMPP_MEANS_LATER, "delivery_failed" },
	{ 0xff, SMPP_MEANS_LATER, "unknown_error" },
	{ 0x100, SMPP_MEANS_NEVER, "service_not_allowed" },
	{ 0x104, SMPP_MEANS_NEVER, "bad_data_coding" },
};

static const struct row *
find(uint32_t status)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].status == status)
			return &rows[i];
	}
	return NULL;
}

enum smpp_meaning
smpp_status_meaning(uint32_t status)
{
	const struct row *r = find(status);

	return r == NULL ? SMPP_MEANS_LATER : r->meaning;
}

bool
smpp_status_of_message(uint32_t status)
{
	switch (status) {
	case 0x45:
	case 0xfe:
	case 0xff:
		return true;
	default: /* a vendor's own */
		return find(status) == NULL;
	}
}

const char *
smpp_status_name(uint32_t status)
{
	const struct row *r = find(status);

	return r == NULL ? "status" : r->name;
}

bool
smpp_status_stops_bind(uint32_t status)
{
	return status == 0x04 || status == 0x05 || (status >= 0x0d && status <= 0x0f);
}
