#include "lib/err.h"

#include <stddef.h>

const char *
err_name(enum err_code code)
{
	static const char *const names[ERR_CODES] = {
		[ERR_NONE] = "none",         [ERR_SYNTAX] = "syntax",
		[ERR_RANGE] = "range",       [ERR_OVERFLOW] = "overflow",
		[ERR_TOO_LONG] = "too_long", [ERR_NOT_FOUND] = "not_found",
		[ERR_REFUSED] = "refused",   [ERR_CONFLICT] = "conflict",
		[ERR_STALE] = "stale",       [ERR_AUTH] = "auth",
		[ERR_TIMEOUT] = "timeout",   [ERR_CONNECT] = "connect",
		[ERR_LOST] = "lost",         [ERR_PEER] = "peer",
		[ERR_BUSY] = "busy",         [ERR_SHUTDOWN] = "shutdown",
		[ERR_INTERNAL] = "internal",
	};

	return code >= 0 && code < ERR_CODES ? names[code] : "invalid";
}

const char *
fate_name(enum fate fate)
{
	static const char *const names[] = { "done", "not", "unknown" };

	return fate <= FATE_UNKNOWN ? names[fate] : "invalid";
}

int
err_set(struct err *err, enum err_code code, enum fate fate, const char *what)
{
	if (err != NULL)
		*err = (struct err){ code, fate, what };
	return -1;
}
