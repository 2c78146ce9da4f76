#include "gateway/channel/smpp/carrier.h"

#include "gateway/channel/smpp/carrier_parts.h"
#include "lib/arena.h"
#include "lib/log.h"

#include <stdlib.h>
#include <string.h>

/* ---- settings ---- */

static bool
is_name(const char *s)
{
	static const char allowed[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_";

	return *s != '\0' && strspn(s, allowed) == strlen(s);
}

static const char *
or_as_there(const char *word)
{
	return strcmp(word, "preset") == 0 ? "" : word;
}

static bool
read_ussd(const struct settings_smpp *s, struct smpp_ussd_preset *out)
{
	struct smpp_ussd_but but = {
		.session = or_as_there(s->ussd_session),
		.code = or_as_there(s->ussd_code),
		.end_bit = or_as_there(s->ussd_end_bit),
		.ask = (int)s->ussd_ask,
		.end = (int)s->ussd_end,
		.release = (int)s->ussd_release,
		.service_type = s->ussd_service_type,
	};

	return smpp_ussd_resolve(s->ussd, &but, out);
}

const char *
smpp_carrier_fault(const struct settings_smpp *s)
{
	struct smpp_ussd_preset ussd = { .can_push = false };

	if (!is_name(s->name))
		return "name: letters, digits, '-' and '_' only";
	if (s->ussd[0] != '\0' && smpp_ussd_preset(s->ussd) == NULL)
		return "ussd: no dialect has that name";
	if (s->ussd[0] != '\0' && !read_ussd(s, &ussd))
		return "ussd_end_bit: the end bit is one of its_session_info, which "
		       "ussd_session does not use";
	if (s->ussd[0] != '\0' && strcmp(s->mode, "receiver") == 0)
		return "ussd: a receiver alone cannot answer";
	if (s->push[0] != '\0' && !ussd.can_push)
		return "push: this dialect of USSD opens no sessions for us";
	if (s->outbind[0] != '\0' && s->outbind_password[0] == '\0')
		return "outbind: who calls has to show outbind_password_file";
	return NULL;
}

static enum smpp_id_rule
id_rule(const char *name)
{
	for (unsigned i = 0; i < SMPP_ID_RULES; i++) {
		if (strcmp(smpp_id_rule_name((enum smpp_id_rule)i), name) == 0)
			return (enum smpp_id_rule)i;
	}
	return SMPP_ID_EXACT;
}

static void
read_style(const struct settings_smpp *s, struct smpp_style *out)
{
	enum gsm7_nation nation = gsm7_nation_of(s->nation);

	memset(out, 0, sizeof *out);
	for (unsigned i = 0; i < SMPP_ZEROS; i++)
		if (strcmp(smpp_zero_name((enum smpp_zero)i), s->data_coding_0) == 0)
			out->zero = (enum smpp_zero)i;
	for (unsigned i = 0; i < SMPP_LONGS; i++)
		if (strcmp(smpp_long_name((enum smpp_long)i), s->long_style) == 0)
			out->cut = (enum smpp_long)i;
	out->one_is_gsm7 = strcmp(s->data_coding_1, "gsm7") == 0;
	out->latin1 = s->latin1;
	out->ucs2 = strcmp(s->ucs2, "never") == 0    ? SMPP_UCS2_NEVER
	            : strcmp(s->ucs2, "always") == 0 ? SMPP_UCS2_ALWAYS
	                                             : SMPP_UCS2_NEEDED;
	out->nation = (struct gsm7_tables){ .locking = GSM7_NO_NATION, .single = nation };
	out->parts_max = (unsigned)s->parts_max;
}

/* ---- binds ---- */

static void
add_link(struct smpp_carrier *c, enum smpp_mode mode, bool called)
{
	const struct settings_smpp *s = c->settings;
	struct smpp_link_port port = { smpp_in_message, smpp_out_finished, c };
	struct smpp_link_options o = {
		.name = s->name,
		.session = {
			.mode = mode,
			.system_id = s->system_id,
			.password = s->password,
			.system_type = s->system_type,
			.range = s->range,
			.interface_version = (uint8_t)s->version,
			.ton = (uint8_t)s->range_ton,
			.npi = (uint8_t)s->range_npi,
			.window = { .size = (unsigned)s->window,
			            .per_second = (unsigned)s->per_second,
			            .response_ms = s->response_ms },
			.bind_ms = s->bind_ms,
			.enquire_ms = s->enquire_ms,
			.seed = ids_u64(c->deps.ids),
			.called = called,
			.their_id = s->outbind_system_id,
			.their_password = s->outbind_password,
		},
		.stream = { .host = s->host, .port = (unsigned)s->port, .tls = c->tls },
	};

	c->link[c->links++] = smpp_link_new(c->deps.loop, &o, &port);
}

static void
add_links(struct smpp_carrier *c)
{
	const char *mode = c->settings->mode;
	bool pair = strcmp(mode, "pair") == 0;
	bool receives = strcmp(mode, "receiver") == 0;
	bool sends = strcmp(mode, "transmitter") == 0;

	for (int64_t i = 0; i < c->settings->binds && !receives; i++)
		add_link(c, pair || sends ? SMPP_TRANSMITTER : SMPP_TRANSCEIVER, false);
	c->senders = c->links;
	for (int64_t i = 0; i < c->settings->binds && (pair || receives); i++)
		add_link(c, SMPP_RECEIVER, false);
}

/* ---- outbind: they connect, we bind ---- */

static bool
on_called(void *arg, int fd, const char *peer)
{
	struct smpp_carrier *c = arg;
	const char *why = "no receiver is free";

	if (!settings_allow(&c->settings->outbind_networks, peer)) {
		why = "not from outbind_networks";
	} else {
		for (unsigned i = 0; i < c->links; i++) {
			if (smpp_link_called(c->link[i], fd))
				return true;
		}
	}
	log_warn(c->settings->name, "outbind_refused", "peer=%s why=\"%s\"", peer, why);
	return false;
}

static int
listen_for_outbinds(struct smpp_carrier *c, struct err *err)
{
	if (c->settings->outbind[0] == '\0')
		return 0;
	for (int64_t i = 0; i < c->settings->binds; i++)
		add_link(c, SMPP_RECEIVER, true);
	c->listener =
	    stream_listen(c->deps.loop, c->settings->outbind, on_called, c, err);
	return c->listener == NULL ? -1 : 0;
}

struct smpp_carrier *
smpp_carrier_new(const struct smpp_deps *deps, const struct settings_smpp *settings,
                 struct err *err)
{
	const char *fault = smpp_carrier_fault(settings);
	struct smpp_carrier *c;

	if (fault != NULL) {
		(void)err_set(err, ERR_SYNTAX, FATE_NOT, fault);
		return NULL;
	}
	c = xzalloc(sizeof *c);
	c->deps = *deps;
	c->settings = settings;
	if (settings->tls) {
		c->tls = stream_tls_new(settings->ca_file, err);
		if (c->tls == NULL) {
			free(c);
			return NULL;
		}
	}
	c->id_rule = id_rule(settings->receipt_id);
	if (read_ussd(settings, &c->dialect))
		c->ussd = &c->dialect;
	read_style(settings, &c->style);
	ids_bytes(deps->ids, c->key, sizeof c->key);
	smpp_join_init(&c->join, c->joinings, SMPP_JOININGS, settings->join_ms);
	add_links(c);
	if (listen_for_outbinds(c, err) != 0) {
		smpp_carrier_free(c);
		return NULL;
	}
	return c;
}

/* ---- the end ---- */

static void
on_link_ended(void *arg)
{
	struct smpp_carrier *c = arg;

	if (--c->draining == 0)
		c->drained(c->drained_arg);
}

void
smpp_carrier_drain(struct smpp_carrier *c, loop_cb *cb, void *arg)
{
	stream_listener_free(c->listener);
	c->listener = NULL;
	c->drained = cb;
	c->drained_arg = arg;
	c->draining = c->links;
	for (unsigned i = 0; i < c->links; i++)
		smpp_link_drain(c->link[i], on_link_ended, c);
}

void
smpp_carrier_free(struct smpp_carrier *c)
{
	if (c == NULL)
		return;
	stream_listener_free(c->listener);
	for (unsigned i = 0; i < c->links; i++)
		smpp_link_free(c->link[i]);
	smpp_carrier_push_end(c, SMPP_PUSH_STOPPED);
	smpp_out_free(c);
	timer_cancel(&c->join_late);
	smpp_join_wipe(&c->join);
	stream_tls_free(c->tls);
	free(c);
}

void
smpp_carrier_pause(struct smpp_carrier *c, bool paused)
{
	c->count.paused = paused;
	for (unsigned i = 0; i < c->links; i++)
		smpp_link_pause(c->link[i], paused);
}

bool
smpp_carrier_is_up(const void *carrier)
{
	const struct smpp_carrier *c = carrier;

	for (unsigned i = 0; i < c->senders; i++) {
		if (smpp_link_session(c->link[i])->where == SMPP_BOUND)
			return !c->count.paused;
	}
	return false;
}

/* ---- to look at ---- */

const char *
smpp_carrier_name(const struct smpp_carrier *c)
{
	return c->settings->name;
}

unsigned
smpp_carrier_links(const struct smpp_carrier *c)
{
	return c->links;
}

const struct smpp_session *
smpp_carrier_session(const struct smpp_carrier *c, unsigned i)
{
	return smpp_link_session(c->link[i]);
}

void
smpp_carrier_read_counts(const struct smpp_carrier *c, struct smpp_carrier_counts *out)
{
	*out = c->count;
}
