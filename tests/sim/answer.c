/* How the simulator answers: as it should, late, or with what is of no use. */
#include "lib/arena.h"
#include "lib/json.h"
#include "lib/log.h"
#include "tests/sim/sim.h"

#include <stdlib.h>
#include <string.h>

void
answer_json(struct http_exchange *x, int status, const char *json)
{
	http_answer(x, status, json[0] == '\0' ? NULL : "application/json", json,
	            strlen(json));
}

void
answer_error(struct http_exchange *x, int status, const char *code, const char *message)
{
	char text[300];
	struct json_writer w;
	struct buf b;

	buf_init(&b, text, sizeof text);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "code", code);
	jw_text(&w, "message", message);
	jw_end_object(&w);
	log_info("-", "refused", "status=%d code=%s", status, code);
	answer_json(x, status, text);
}

void
answer_garbage(struct http_exchange *x, unsigned kind)
{
	static const char page[] = "<html><body>SUCCESSFUL</body></html>";
	static const char half[] = "{\"status\":\"SUCCESSFUL\",\"financialTr";
	static char huge[300000];

	switch (kind % 5) {
	case 0:
		http_answer(x, 200, "text/html", page, sizeof page - 1);
		return;
	case 1:
		http_reply_header(x, "Location", "/elsewhere");
		http_answer(x, 307, NULL, "", 0);
		return;
	case 2:
		http_answer(x, 200, "application/json", half, sizeof half - 1);
		return;
	case 3:
		memset(huge, ' ', sizeof huge);
		http_answer(x, 200, "application/json", huge, sizeof huge);
		return;
	default:
		http_answer(x, 408, NULL, "", 0);
		return;
	}
}

struct later {
	struct http_exchange *x;
	int status;
	char json[];
};

static void
answer_now(void *arg)
{
	struct later *l = arg;

	answer_json(l->x, l->status, l->json);
	free(l);
}

void
answer_later(struct sim *s, struct http_exchange *x, int64_t ms, int status,
             const char *json)
{
	size_t n = strlen(json);
	struct later *l = xzalloc(sizeof *l + n + 1);

	l->x = x;
	l->status = status;
	memcpy(l->json, json, n + 1);
	timer_start(s->loop, ms, answer_now, l);
}
