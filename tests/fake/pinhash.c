/* The scripted pinhash: the hash of SECRET is "hash:SECRET". */
#include "lib/pinhash.h"

#include "lib/arena.h"
#include "tests/fake/fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pinhash {
	struct loop *loop;
};

struct pinhash_op {
	struct fake_call call;
	char text[PINHASH_TEXT_MAX + 1];
	bool right;
	pinhash_cb *cb;
	void *arg;
};

#define HASH_MS 10

static void
deliver(struct fake_call *f, const struct answer *a)
{
	struct pinhash_op *op = (struct pinhash_op *)f;
	struct pinhash_op copy = *op;
	bool undone = a->err.code != ERR_NONE && a->err.code != ERR_REFUSED;

	copy.right &= a->err.code == ERR_NONE;
	fake_end(f);
	free(op);
	if (copy.cb)
		copy.cb(copy.arg, copy.right, undone ? NULL : copy.text, false);
}

static struct answer
fallback(struct fake_call *f, const struct script_call *call)
{
	(void)f;
	(void)call;
	return (struct answer){ .after_ms = HASH_MS };
}

struct pinhash *
pinhash_new(struct loop *loop, const struct pinhash_options *o)
{
	struct pinhash *p = xzalloc(sizeof *p);

	(void)o;
	p->loop = loop;
	return p;
}

void
pinhash_free(struct pinhash *p)
{
	if (!p)
		return;
	fake_fail_all(p, ERR_SHUTDOWN, FATE_NOT);
	free(p);
}

static struct pinhash_op *
begin(struct pinhash *p, const char *name, struct pinhash_op from)
{
	struct pinhash_op *op = xzalloc(sizeof *op);
	struct script_call call = { .name = name, .deadline_ms = 60000 };

	*op = from;
	op->call.owner = p;
	op->call.deliver = deliver;
	op->call.fallback = fallback;
	fake_begin(&op->call, &call);
	return op;
}

struct pinhash_op *
pinhash_make(struct pinhash *p, const char *secret, pinhash_cb *cb, void *arg)
{
	struct pinhash_op op = { .right = true, .cb = cb, .arg = arg };

	snprintf(op.text, sizeof op.text, "hash:%s", secret);
	return begin(p, "pin_make", op);
}

struct pinhash_op *
pinhash_check(struct pinhash *p, const char *secret, const char *text, pinhash_cb *cb,
              void *arg)
{
	struct pinhash_op op = { .cb = cb, .arg = arg };

	snprintf(op.text, sizeof op.text, "%s", text);
	op.right = strncmp(text, "hash:", 5) == 0 && strcmp(text + 5, secret) == 0;
	return begin(p, "pin_check", op);
}

void
pinhash_cancel(struct pinhash_op **op)
{
	if (!op || !*op)
		return;
	fake_end(&(*op)->call);
	free(*op);
	*op = NULL;
}
