#include "lib/http_fate.h"

#include <curl/curl.h>
#include <stddef.h>

struct err
http_fate(int code, bool sent)
{
	static const struct {
		int code;
		enum err_code err;
		const char *what;
	} rows[] = {
		{ CURLE_URL_MALFORMAT, ERR_SYNTAX, "http: not a usable address" },
		{ CURLE_COULDNT_RESOLVE_HOST, ERR_CONNECT, "http: no such host" },
		{ CURLE_COULDNT_CONNECT, ERR_CONNECT, "http: could not connect" },
		{ CURLE_SSL_CONNECT_ERROR, ERR_CONNECT, "http: no trusted TLS" },
		{ CURLE_PEER_FAILED_VERIFICATION, ERR_CONNECT, "http: no trusted TLS" },
		{ CURLE_SSL_CACERT_BADFILE, ERR_CONNECT, "http: no trusted TLS" },
		{ CURLE_OPERATION_TIMEDOUT, ERR_TIMEOUT, "http: no answer in time" },
		{ CURLE_WEIRD_SERVER_REPLY, ERR_PEER, "http: not an HTTP answer" },
	};
	enum fate fate = sent ? FATE_UNKNOWN : FATE_NOT;

	if (code == CURLE_OK)
		return err_none();
	if (code ==
	    CURLE_UNSUPPORTED_PROTOCOL) /* also: an answer without a status line */
		return sent ? (struct err){ ERR_PEER, fate, "http: not an HTTP answer" }
		            : (struct err){ ERR_SYNTAX, fate,
			                    "http: not a usable address" };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].code == code)
			return (struct err){ rows[i].err, fate, rows[i].what };
	}
	return (struct err){ sent ? ERR_LOST : ERR_CONNECT, fate,
		             "http: the connection broke" };
}
