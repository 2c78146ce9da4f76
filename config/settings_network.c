/* Networks: "10.0.0.0/8", and whether an address is inside. */
#include "config/settings_table.h"

#include <arpa/inet.h>
#include <string.h>

/* "0".."128" */
static bool
read_bits(const char *text, int *out)
{
	int v = 0;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p < '0' || *p > '9' || v > 99)
			return false;
		v = v * 10 + (*p - '0');
	}
	*out = v;
	return *text != '\0';
}

bool
settings_parse_network(const char *text, size_t n, struct settings_network *out)
{
	char host[INET6_ADDRSTRLEN + 5];
	struct in6_addr six;
	struct in_addr four;
	int bits = -1;

	if (n == 0 || n >= sizeof(host))
		return false;
	memcpy(host, text, n);
	host[n] = '\0';
	char *slash = strchr(host, '/');
	if (slash != NULL) {
		*slash = '\0';
		if (!read_bits(slash + 1, &bits))
			return false;
	}
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, host, &four) == 1) {
		memset(out->address + 10, 0xff, 2);
		memcpy(out->address + 12, &four, 4);
		if (bits > 32)
			return false;
		out->bits = (uint8_t)(96 + (bits < 0 ? 32 : bits));
		return true;
	}
	if (inet_pton(AF_INET6, host, &six) != 1 || bits > 128)
		return false;
	memcpy(out->address, &six, 16);
	out->bits = (uint8_t)(bits < 0 ? 128 : bits);
	return true;
}

bool
settings_allow(const struct settings_networks *n, const char *peer)
{
	struct settings_network who;

	if (peer == NULL || !settings_parse_network(peer, strlen(peer), &who))
		return false;
	for (unsigned i = 0; i < n->count; i++) {
		const struct settings_network *net = &n->at[i];
		unsigned whole = net->bits / 8u, rest = net->bits % 8u;
		unsigned mask = 0xffu << (8u - rest) & 0xffu;
		if (memcmp(net->address, who.address, whole) == 0 &&
		    (rest == 0 ||
		     ((net->address[whole] ^ who.address[whole]) & mask) == 0))
			return true;
	}
	return false;
}

void
settings_peer(const struct settings_networks *proxies, const char *peer,
              const char *forwarded, char out[SETTINGS_ADDRESS_MAX])
{
	size_t end = forwarded == NULL ? 0 : strlen(forwarded);

	snprintf(out, SETTINGS_ADDRESS_MAX, "%s", peer);
	while (end > 0 && settings_allow(proxies, out)) {
		size_t from = end;

		while (from > 0 && forwarded[from - 1] != ',')
			from--;
		const char *at = forwarded + from;
		size_t n = end - from;
		for (; n > 0 && *at == ' '; n--)
			at++;
		while (n > 0 && at[n - 1] == ' ')
			n--;
		snprintf(out, SETTINGS_ADDRESS_MAX, "%.*s",
		         n < SETTINGS_ADDRESS_MAX ? (int)n : 0, at);
		end = from > 0 ? from - 1 : 0;
	}
}

int
setting_put_networks(struct settings_networks *place, const char *text, struct buf *why)
{
	struct settings_networks got = { 0 };

	while (*text != '\0') {
		size_t n = strcspn(text, " ");
		if (got.count == SETTINGS_NETWORKS_MAX) {
			buf_printf(why, "has too many entries: at most %d fit",
			           SETTINGS_NETWORKS_MAX);
			return -1;
		}
		if (!settings_parse_network(text, n, &got.at[got.count])) {
			buf_printf(why,
			           "\"%.*s\" is not a network: write \"10.0.0.0/8\" or "
			           "\"2001:db8::/32\"",
			           (int)(n < 60 ? n : 60), text);
			return -1;
		}
		got.count++;
		text += n + (text[n] == ' ');
	}
	*place = got;
	return 0;
}

static void
show_network(const struct settings_network *n, struct buf *out)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char text[INET6_ADDRSTRLEN] = "";
	bool four = n->bits >= 96 && memcmp(n->address, mapped, 12) == 0;

	inet_ntop(four ? AF_INET : AF_INET6, n->address + (four ? 12 : 0), text,
	          sizeof(text));
	buf_printf(out, "\"%s/%d\"", text, n->bits - (four ? 96 : 0));
}

void
setting_show_networks(const struct settings_networks *n, struct buf *out)
{
	buf_puts(out, "[");
	for (unsigned i = 0; i < n->count; i++) {
		buf_puts(out, i == 0 ? " " : ", ");
		show_network(&n->at[i], out);
	}
	buf_puts(out, n->count == 0 ? "]" : " ]");
}
