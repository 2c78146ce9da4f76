/* adit-sim: flags, listeners, the loop. */
#include "tests/sim/sim.h"

#include "lib/log.h"
#include "tests/sim/book.h"
#include "tests/sim/script.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MS   900000
#define IDLE_MS     120000
#define CONNECTIONS 4096

static void
stop(void *arg)
{
	loop_stop(arg);
}

/* On each address of the list; says on standard error which one could not be had. */
static bool
listen_all(struct sim *s, const struct http_server_options *options)
{
	struct http_server_options o = *options;
	char list[256], *rest = list, *at;
	struct err err;

	snprintf(list, sizeof list, "%s", s->o.listen);
	while ((at = strsep(&rest, ",")) != NULL && s->servers < SIM_SERVERS) {
		o.listen = at;
		s->server[s->servers] = http_server_new(s->loop, &o, &err);
		if (s->server[s->servers] == NULL) {
			fprintf(stderr, "adit-sim: %s: %s\n", at, err.what);
			return false;
		}
		log_info("-", "listening", "port=%d speed=%" PRId64,
		         http_server_port(s->server[s->servers]), s->o.speed);
		s->servers++;
	}
	return true;
}

/* Until a signal comes. */
static int
run(struct sim *s, const struct http_route *routes)
{
	struct http_server_options o = { .routes = routes,
		                         .idle_ms = IDLE_MS,
		                         .answer_ms = ANSWER_MS,
		                         .headers_max = 16384,
		                         .connections_max = CONNECTIONS };
	struct http_client_options to = { .connections = 64,
		                          .per_host = 32,
		                          .answer_max = SIM_BODY_MAX };

	s->http = http_client_new(s->loop, &to);
	if (!listen_all(s, &o)) {
		http_client_free(s->http);
		return 1;
	}
	loop_on_signal(s->loop, SIGTERM, stop, s->loop);
	loop_on_signal(s->loop, SIGINT, stop, s->loop);
	mtn_resume(s);
	loop_run(s->loop);
	for (unsigned i = 0; i < s->servers; i++)
		http_server_free(s->server[i]);
	http_client_free(s->http);
	loop_turn(s->loop, 0);
	return 0;
}

/* All of a small file; NULL for none. */
static bool
read_file(const char *path, char *out, size_t cap)
{
	FILE *f = path == NULL ? NULL : fopen(path, "re");
	size_t n;

	if (path == NULL)
		return true;
	n = f == NULL ? 0 : fread(out, 1, cap - 1, f);
	if (n == 0)
		fprintf(stderr, "adit-sim: %s: %s\n", path, strerror(errno));
	if (f != NULL)
		fclose(f);
	out[n] = '\0';
	return n > 0;
}

static bool
read_files(struct sim *s)
{
	if (!read_file(s->o.at_secret_file, s->at_secret, sizeof s->at_secret) ||
	    !read_file(s->o.pawapay_key_file, s->pawapay_key, sizeof s->pawapay_key) ||
	    !read_file(s->o.pawapay_customer_file, s->pawapay_customer,
	               sizeof s->pawapay_customer))
		return false;
	s->at_secret[strcspn(s->at_secret, "\r\n")] = '\0';
	return true;
}

int
main(int argc, char **argv)
{
	struct http_route routes[SIM_ROUTES_MAX];
	struct sim s;
	struct err err;
	int status;

	sim_defaults(&s);
	ids_init(&s.ids);
	status = sim_read_flags(&s, argc, argv);
	if (status >= 0)
		return status;
	if (!read_files(&s))
		return 1;
	if (!sim_open(&s, &err)) {
		fprintf(stderr, "adit-sim: %s: %s\n", s.o.book, err.what);
		return 1;
	}
	clock_init(&s.clock);
	s.loop = loop_new(&s.clock);
	sim_routes(&s, routes);
	status = run(&s, routes);
	sim_close(&s);
	loop_free(s.loop);
	return status;
}
