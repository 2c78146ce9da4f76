/* bench_smpp PORT WINDOW COUNT - submit_sm a second over one bind; prints one JSON
 * object. */
#include "gateway/channel/smpp/link.h"
#include "lib/arena.h"
#include "lib/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POOL 256 /* more than any window: one always waits */

struct bench {
	struct loop *loop;
	struct smpp_link *link;
	unsigned long started, wanted, taken, other;
	int64_t began_us;
	char number[POOL][16];
	struct smpp_send send[POOL];
};

static void
add(struct bench *b, struct smpp_send *send)
{
	b->started++;
	send->deadline_ms = INT64_MAX;
	smpp_link_send(b->link, send);
}

static void
on_finished(void *arg, struct smpp_send *send)
{
	struct bench *b = arg;

	if (send->outcome == SMPP_TAKEN)
		b->taken++;
	else
		b->other++;
	if (b->started < b->wanted)
		add(b, send);
	else if (b->taken + b->other == b->wanted)
		loop_stop(b->loop);
}

static void
on_message(void *arg, struct smpp_link *link, const struct smpp_pdu *pdu,
           const struct smpp_token *token)
{
	(void)arg;
	(void)pdu;
	smpp_link_reply(link, token, 0);
}

static void
prepare(struct bench *b)
{
	struct smpp_pdu p = { .command = SMPP_SUBMIT_SM,
		              .source = { 5, 0, "MGODI" },
		              .dest = { .ton = 1, .npi = 1 },
		              .short_length = 100 };
	uint8_t room[512];

	memset(p.short_message, 'a', p.short_length);
	for (unsigned i = 0; i < POOL; i++) {
		struct smpp_send *s = &b->send[i];

		snprintf(b->number[i], sizeof b->number[i], "255712%06u", i);
		memcpy(p.dest.digits, b->number[i], sizeof b->number[i]);
		s->len = smpp_pdu_write(&p, room, sizeof room);
		s->bytes = xzalloc(s->len);
		memcpy(s->bytes, room, s->len);
		s->number = b->number[i];
		s->message = i;
	}
}

int
main(int argc, char **argv)
{
	static struct bench b;
	struct clock clock;
	struct smpp_link_port port = { on_message, on_finished, &b };

	if (argc != 4) {
		fputs("usage: bench_smpp PORT WINDOW COUNT\n", stderr);
		return 2;
	}
	struct smpp_link_options o = {
		.name = "bench",
		.session = {
			.system_id = "mgodi",
			.password = "secret08",
			.system_type = "",
			.range = "",
			.interface_version = 0x34,
			.window = { .size = (unsigned)strtoul(argv[2], NULL, 10),
			            .response_ms = 10000 },
			.bind_ms = 10000,
			.enquire_ms = 30000,
			.seed = 1,
		},
		.stream = { .host = "127.0.0.1",
		            .port = (unsigned)strtoul(argv[1], NULL, 10) },
	};

	b.wanted = strtoul(argv[3], NULL, 10);
	log_set_level(LOG_LEVEL_ERROR);
	prepare(&b);
	clock_init(&clock);
	b.loop = loop_new(&clock);
	b.link = smpp_link_new(b.loop, &o, &port);
	while (smpp_link_session(b.link)->where != SMPP_BOUND)
		loop_turn(b.loop, 100);
	b.began_us = clock_mono_us();
	for (unsigned i = 0; i < POOL && b.started < b.wanted; i++)
		add(&b, &b.send[i]);
	loop_run(b.loop);
	int64_t took_us = clock_mono_us() - b.began_us;
	printf("{\"window\":%s,\"taken\":%lu,\"other\":%lu,\"per_second\":%lld}\n",
	       argv[2], b.taken, b.other,
	       (long long)((int64_t)b.wanted * 1000000 / took_us));
	smpp_link_free(b.link);
	loop_free(b.loop);
	for (unsigned i = 0; i < POOL; i++)
		free(b.send[i].bytes);
	return b.other == 0 ? 0 : 1;
}
