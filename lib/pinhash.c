#include "lib/pinhash.h"

#include "lib/arena.h"

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <unistd.h>

#define THREADS_MAX 8
#define SECRET_MAX  64

_Static_assert(PINHASH_PEPPER >= crypto_generichash_KEYBYTES_MIN &&
                   PINHASH_PEPPER <= crypto_generichash_KEYBYTES_MAX,
               "the pepper is a BLAKE2b key");
_Static_assert(PINHASH_TEXT_MAX >= crypto_pwhash_STRBYTES, "a hash fits");

struct pinhash_op {
	TAILQ_ENTRY(pinhash_op) link;
	struct pinhash *p;
	unsigned char
	    key[crypto_generichash_BYTES]; /* peppered secret; wiped when used */
	char text[PINHASH_TEXT_MAX + 1];
	bool making, bad_input;
	bool ok, needs_rehash;
	bool undone;    /* says nothing about the secret */
	pinhash_cb *cb; /* the loop's thread only; NULL: nobody waits   */
	void *arg;
};

TAILQ_HEAD(pinhash_ops, pinhash_op);

struct pinhash {
	struct loop *loop;
	struct pinhash_options o;
	int wake_fd; /* eventfd: workers -> loop */
	struct event *ev;
	pthread_t threads[THREADS_MAX];
	unsigned running;
	pthread_mutex_t lock; /* guards todo, done, stop */
	pthread_cond_t work;
	struct pinhash_ops todo, done;
	bool stop;
	bool freed;
};

/* ---- in the workers ---- */

static void
hash_one(const struct pinhash *p, struct pinhash_op *op)
{
	const char *key = (const char *)op->key;

	errno = 0;
	if (op->bad_input) {
		op->ok = false;
	} else if (op->making) {
		op->ok = crypto_pwhash_str_alg(op->text, key, sizeof op->key, p->o.passes,
		                               p->o.memory_bytes,
		                               crypto_pwhash_ALG_ARGON2ID13) == 0;
	} else {
		op->ok = crypto_pwhash_str_verify(op->text, key, sizeof op->key) == 0;
		op->needs_rehash =
		    op->ok && crypto_pwhash_str_needs_rehash(op->text, p->o.passes,
		                                             p->o.memory_bytes) != 0;
	}
	op->undone = !op->ok && errno == ENOMEM;
	sodium_memzero(op->key, sizeof op->key);
}

static void *
work(void *arg)
{
	struct pinhash *p = arg;
	const uint64_t one = 1;
	struct pinhash_op *op;
	ssize_t ignored;

	pthread_mutex_lock(&p->lock);
	while (!p->stop) {
		op = TAILQ_FIRST(&p->todo);
		if (!op) {
			pthread_cond_wait(&p->work, &p->lock);
			continue;
		}
		TAILQ_REMOVE(&p->todo, op, link);
		pthread_mutex_unlock(&p->lock);
		hash_one(p, op);
		pthread_mutex_lock(&p->lock);
		TAILQ_INSERT_TAIL(&p->done, op, link);
		ignored = write(p->wake_fd, &one, sizeof one);
		(void)ignored;
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* ---- in the loop ---- */

static void
answer(struct pinhash_op *op)
{
	pinhash_cb *cb = op->cb;
	void *arg = op->arg;

	if (cb)
		cb(arg, op->ok, op->undone ? NULL : op->text, op->needs_rehash);
	sodium_memzero(op, sizeof *op);
	free(op);
}

static struct pinhash_op *
take_done(struct pinhash *p)
{
	struct pinhash_op *op;

	pthread_mutex_lock(&p->lock);
	op = TAILQ_FIRST(&p->done);
	if (op)
		TAILQ_REMOVE(&p->done, op, link);
	pthread_mutex_unlock(&p->lock);
	return op;
}

static void
on_done(evutil_socket_t fd, short what, void *arg)
{
	struct pinhash *p = arg;
	struct pinhash_op *op;
	uint64_t count;
	ssize_t ignored = read(fd, &count, sizeof count);

	(void)ignored;
	(void)what;
	(void)loop_clock(p->loop);
	while (!p->freed && (op = take_done(p)))
		answer(op);
}

static struct pinhash_op *
submit(struct pinhash *p, struct pinhash_op *op, const char *secret)
{
	size_t n = strnlen(secret, SECRET_MAX + 1);

	op->p = p;
	if (n == 0 || n > SECRET_MAX)
		op->bad_input = true;
	else
		crypto_generichash(op->key, sizeof op->key, (const unsigned char *)secret,
		                   n, p->o.pepper, sizeof p->o.pepper);
	pthread_mutex_lock(&p->lock);
	TAILQ_INSERT_TAIL(&p->todo, op, link);
	pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
	return op;
}

struct pinhash_op *
pinhash_make(struct pinhash *p, const char *secret, pinhash_cb *cb, void *arg)
{
	struct pinhash_op *op = xzalloc(sizeof *op);

	op->making = true;
	op->cb = cb;
	op->arg = arg;
	return submit(p, op, secret);
}

struct pinhash_op *
pinhash_check(struct pinhash *p, const char *secret, const char *text, pinhash_cb *cb,
              void *arg)
{
	struct pinhash_op *op = xzalloc(sizeof *op);

	op->cb = cb;
	op->arg = arg;
	if (strnlen(text, PINHASH_TEXT_MAX + 1) > PINHASH_TEXT_MAX)
		op->bad_input = true;
	else
		memcpy(op->text, text, strlen(text));
	return submit(p, op, secret);
}

/* Detaches: a worker may be at it. */
void
pinhash_cancel(struct pinhash_op **op)
{
	if (!op || !*op)
		return;
	(*op)->cb = NULL;
	*op = NULL;
}

/* ---- the pool ---- */

static void
start_threads(struct pinhash *p)
{
	unsigned n = p->o.threads < THREADS_MAX ? p->o.threads : THREADS_MAX;

	n = n > 0 ? n : 1;
	while (p->running < n) {
		if (pthread_create(&p->threads[p->running], NULL, work, p) != 0)
			abort();
		p->running++;
	}
}

struct pinhash *
pinhash_new(struct loop *loop, const struct pinhash_options *o)
{
	struct pinhash *p = xzalloc(sizeof *p);

	if (sodium_init() < 0)
		abort();
	p->loop = loop;
	p->o = *o;
	if (p->o.memory_bytes < crypto_pwhash_MEMLIMIT_MIN)
		p->o.memory_bytes = crypto_pwhash_MEMLIMIT_MIN;
	if (p->o.passes < crypto_pwhash_OPSLIMIT_MIN)
		p->o.passes = crypto_pwhash_OPSLIMIT_MIN;
	TAILQ_INIT(&p->todo);
	TAILQ_INIT(&p->done);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	p->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	p->ev = event_new(loop_base(loop), p->wake_fd, EV_READ | EV_PERSIST, on_done, p);
	if (p->wake_fd < 0 || !p->ev || event_add(p->ev, NULL) != 0)
		abort();
	start_threads(p);
	return p;
}

static void
destroy(void *arg)
{
	struct pinhash *p = arg;

	event_free(p->ev);
	close(p->wake_fd);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	sodium_memzero(p, sizeof *p);
	free(p);
}

/* Waits for the hashes being computed, a few milliseconds each; what was not begun is
 * answered as undone. */
void
pinhash_free(struct pinhash *p)
{
	struct pinhash_op *op;

	if (!p || p->freed)
		return;
	p->freed = true;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	while (p->running > 0)
		pthread_join(p->threads[--p->running], NULL);
	while ((op = take_done(p)))
		answer(op);
	while ((op = TAILQ_FIRST(&p->todo))) {
		TAILQ_REMOVE(&p->todo, op, link);
		op->undone = true;
		answer(op);
	}
	loop_next_turn(p->loop, destroy, p);
}
